import type { StaffList } from '../application/staff-list.ts'
import type { Receipts } from '../application/receipts.ts'
import { stationery } from './fixtures.ts'

// For worlds in which nobody sees to money by hand, and no receipts are issued.

const nobody = async (): Promise<never> => {
  throw new Error('nobody does this here')
}

const staffList: StaffList = {
  ...{ orderOfRefund: nobody, refunds: nobody, suspense: nobody, noteOf: nobody },
  ...{ noteAssigned: nobody, noteGivenBack: nobody, waiting: nobody },
}

const receipts: Receipts = { issue: nobody, find: nobody, ofOrder: nobody }

export const noStaff = { staffList, receipts, observe: nobody, draw: nobody, seller: stationery.seller }
