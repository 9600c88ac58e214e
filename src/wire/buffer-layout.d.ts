/** The part of buffer-layout that we use; the package ships no types. Layouts declare offsets and sizes; their `decode` is for dumps and tests. */
declare module 'buffer-layout' {
  export interface Layout<T> {
    /** Octets, -1 when it varies. */
    readonly span: number
    readonly property: string | undefined
    /** Needs a Buffer: a plain Uint8Array has not the methods it calls. */
    decode(bytes: Buffer, offset?: number): T
    encode(value: T, bytes: Buffer, offset?: number): number
  }
  export interface Structure<T> extends Layout<T> {
    readonly fields: readonly Layout<unknown>[]
    offsetOf(property: keyof T & string): number
  }
  type Field<P extends string> = Layout<number> & { readonly property: P }
  export function u8<P extends string>(property: P): Field<P>
  export function u16be<P extends string>(property: P): Field<P>
  export function u24be<P extends string>(property: P): Field<P>
  export function u32be<P extends string>(property: P): Field<P>
  export function struct<F extends readonly Field<string>[]>(fields: F): Structure<{ [P in F[number]['property']]: number }>
}
