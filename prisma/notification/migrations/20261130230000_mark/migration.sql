-- AlterTable
ALTER TABLE "notifications"."stream_positions" ADD COLUMN "mark" TEXT NOT NULL DEFAULT '';
