import type { IAudioMetadata, ICommonTagsResult, IPicture } from 'music-metadata';
import type { FieldBody } from '../../recorder.ts';
import type { PictureFacts } from '../draft.ts';
import { cleanText, tagValue } from './tag-value.ts';

/** `tags/...`: the common names, one field each. Pairs "3 of 12" become `track` and `trackTotal`. */
export function commonTags(common: ICommonTagsResult): FieldBody[] {
  const fields: FieldBody[] = [];
  for (const [name, value] of Object.entries(common)) {
    if (name === 'picture' || value === undefined || value === null) continue;
    const pair = value as { readonly no?: number | null; readonly of?: number | null };
    if (name === 'track' || name === 'disk' || name === 'movementIndex') {
      const base = name === 'movementIndex' ? 'movementNumber' : name;
      if (pair.no != null) fields.push(tagField('tags', base, [pair.no]));
      if (pair.of != null) fields.push(tagField('tags', `${base}Total`, [pair.of]));
    } else {
      fields.push(tagField('tags', name, Array.isArray(value) ? value : [value]));
    }
  }
  return fields;
}

/** `native/ID3v2.4:TIT2`: the tags under their own names, one field per name; repeated ones make an array. */
export function nativeTags(native: IAudioMetadata['native']): FieldBody[] {
  const fields: FieldBody[] = [];
  for (const [type, tags] of Object.entries(native)) {
    const byId = new Map<string, unknown[]>();
    for (const { id, value } of tags) {
      const values = byId.get(id);
      if (values) values.push(value);
      else byId.set(id, [value]);
    }
    for (const [id, values] of byId) fields.push(tagField('native', `${type}:${cleanText(id)}`, values));
  }
  return fields;
}

function tagField(group: string, name: string, values: readonly unknown[]): FieldBody {
  const { value, dtype, isBulk } = tagValue(values.length === 1 ? values[0] : values);
  const field = { path: `${group}/${name}`, key: name, name, dtype, value };
  return isBulk ? { ...field, bulk: true } : field;
}

/** What an embedded picture is. */
export function pictureFacts(picture: IPicture): PictureFacts {
  const text = (value: string | undefined): string | undefined => (value ? cleanText(value) : undefined);
  return {
    mediaType: text(picture.format) ?? 'application/octet-stream',
    sizeBytes: picture.data?.length ?? 0,
    type: text(picture.type),
    description: text(picture.description),
  };
}
