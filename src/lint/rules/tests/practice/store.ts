import { eq } from 'drizzle-orm';
import { db, type Db, type Tx } from '@/db';
import { users } from '@/db/schema';

export async function removeUser(id: string) {
  await db.delete(users).where(eq(users.id, id));
}
export const findUser = async (id: string) => {
  const [row] = await db.select().from(users).where(eq(users.id, id));
  return row;
};
export async function removeUserIn(handle: Db | Tx, id: string) {
  await handle.delete(users).where(eq(users.id, id));
}

export interface Imported {
  id: string;
}
export interface Misread {
  id: number;
}
