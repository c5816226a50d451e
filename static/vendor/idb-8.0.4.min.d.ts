export interface Store {
  get(key: IDBValidKey): Promise<any>;
  getAll(query?: IDBValidKey | IDBKeyRange | null, count?: number): Promise<any[]>;
  getAllKeys(query?: IDBValidKey | IDBKeyRange | null, count?: number): Promise<any[]>;
  count(query?: IDBValidKey | IDBKeyRange | null): Promise<number>;
  put(value: unknown, key?: IDBValidKey): Promise<IDBValidKey>;
  add(value: unknown, key?: IDBValidKey): Promise<IDBValidKey>;
  delete(key: IDBValidKey | IDBKeyRange): Promise<void>;
  clear(): Promise<void>;
  index(name: string): Store;
}
export interface Transaction {
  objectStore(name: string): Store;
  done: Promise<void>;
  abort(): void;
}
export interface Database {
  transaction(stores: string[], mode: "readonly" | "readwrite", options?: { durability: "strict" | "relaxed" }): Transaction;
  createObjectStore(name: string, options?: IDBObjectStoreParameters): { createIndex(name: string, path: string): void };
  objectStoreNames: DOMStringList;
  close(): void;
}
export function openDB(name: string, version: number, callbacks: {
  upgrade?: (db: Database, oldVersion: number) => void;
  blocked?: () => void;
  blocking?: () => void;
  terminated?: () => void;
}): Promise<Database>;
