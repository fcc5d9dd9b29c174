/** What `tidegate --help` prints. */
export const HELP = `Usage: tidegate <command> [options]

Commands:
  extract <path|glob|url|->...  print what the files hold, one JSON record a line
  retry-dead <list>             extract the files of a list of --dead-letters again; what fails again stays in it
  profile <path|glob|url>...    say what reading costs: time, memory, collections, per format
  cdl <path|url|->              print the header of a NetCDF file as ncdump -h does
  formats                       list the formats that can be read
  help                          this text

Options of extract and retry-dead:
  -o, --to <output>      write to a file, which appears when it is complete: .ndjson .csv (.gz .zst) .parquet;
                         or into a database: .sqlite .duckdb postgres://...
      --resume           go on with the output of an earlier run, ended or killed: files that are in it and have not
                         changed are not read again; the output is written in place
      --format <name>    read every input as this format   [by content, then by name]
      --tags <list>      DICOM: only these tags or keywords, e.g. PatientID,0020000D
      --ffmpeg           audio and video: let ffmpeg read the containers that need it (MPEG-TS, FLV, MXF ...)
  -m, --memory <size>    memory the run may take beyond bare Node       [64MiB, 40MiB more a job]
  -c, --concurrency <n>  files read side by side, fewer while memory is short   [auto]
  -j, --jobs <n>         worker threads, fewer if the memory is too little; 0 reads in the main thread [0]
      --include <glob>   only files that match; several times: one of them. A pattern without '/' is for names
      --exclude <glob>   no files that match, no folders that match with all that is in them; several times, too
      --dot              let * and ** of a glob match names with a leading dot
      --manifest <list>  extract: the files that it names, a JSON string or an object with "file" a line
      --dead-letters <list>  extract: write the files that fail into a list, one JSON object a line
  -q, --quiet            no progress and no messages about single files

      --protocol singer  write the messages of a Singer tap; the command may be left out. With
                         --config <json> --catalog <json> --state <json> --discover, as every tap has them

Options of profile:
      --html <file>      also draw it as one page, for any browser (needs npm install uplot)
      --format, --dot, --quiet as for extract

  -h, --help             this text
  -V, --version          the version

Folders are walked. '-' is standard input, './-' a file of that name. Records go to standard output, everything
else to standard error. Ctrl-C finishes the records under way and says what was done; a second one aborts.

Exit codes: 0 all well, 1 the run failed, 2 wrong usage, 3 some files could not be read, 130 interrupted.
`;
