declare module 'dicom-character-set' {
  /** Decodes the bytes of a text element; throws for unknown names and escape sequences. */
  export function convertBytes(specificCharacterSet: string, bytes: Uint8Array, options?: { vr?: string }): string;
}
