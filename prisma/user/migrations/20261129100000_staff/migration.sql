-- Staff have what an admin has given them; nobody else has permissions.
ALTER TABLE "users"."accounts" ADD COLUMN "permissions" TEXT[] NOT NULL DEFAULT '{}';
ALTER TABLE "users"."accounts" DROP CONSTRAINT "accounts_role_check";
ALTER TABLE "users"."accounts" ADD CONSTRAINT "accounts_role_check" CHECK ("role" IN ('customer', 'staff', 'admin'));
ALTER TABLE "users"."accounts" ADD CONSTRAINT "accounts_permissions_check"
  CHECK ("role" = 'staff' OR "permissions" = '{}');
