import { customAlphabet } from 'nanoid';

const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

export const ID_LENGTH = 20;

export const nanoid = customAlphabet(alphabet, ID_LENGTH);
