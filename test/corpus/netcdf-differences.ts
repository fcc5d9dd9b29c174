/** Where our records differ from the reference's facts on purpose, and why. By the end of the file's path. */
export const KNOWN_DIFFERENCES: readonly (readonly [files: RegExp, what: RegExp, reason: string])[] = [
  [
    /ncvalidator\/bad_padding_(name_var|name_vattr|value_vattr)\.nc[125]$|cdf_format\/bad_xtype\.nc[12]$/,
    /^status/,
    'The file ends with its header, before the data that the header declares: the reference opens it because it reads no data, and fails when it is asked for them. Ours ends partial.',
  ],
  [
    /ncdump\/ref_(no_ncproperty|provenance_v1)\.nc$/,
    /^(missing|extra) .*\/subgroup\/?@int_attr/,
    'The facts spell the attribute of a group /subgroup/@int_attr; the record contract says /subgroup@int_attr.',
  ],
];
