# Finding the OpenCL drivers of a host; read by upscatter-here and run-on-node with `kit` set to the kit's folder.

# collect_drivers FOLDER: fills FOLDER with one .icd file per driver, for OCL_ICD_VENDORS: the host's own entries
# unchanged, and one for each known driver that is installed but not registered (containers often mount the library and
# not its entry). A driver in OCL_DRIVER_DIR replaces the host's entry for it. `driver_folders` becomes what the library
# search path has to begin with, since drivers load their own parts by bare name.
collect_drivers() {
  driver_folders=
  for entry in "${OPENCL_VENDOR_PATH:-/etc/OpenCL/vendors}"/*.icd; do
    [ -r "$entry" ] && cp "$entry" "$1/" && chmod u+w "$1/${entry##*/}"
  done
  while read -r name library folders; do
    case $name in '' | '#'*) continue ;; esac
    if [ -n "${OCL_DRIVER_DIR:-}" ] && [ -e "$OCL_DRIVER_DIR/$library" ]; then
      for entry in "$1"/*.icd; do
        [ -e "$entry" ] && [ "$(stem_of_entry "$entry")" = "${library%%.so*}" ] && rm -f "$entry"
      done
      use_driver "$1" "$name" "$OCL_DRIVER_DIR" "$library"
      continue
    fi
    for folder in $folders; do # patterns unfold here
      [ -e "$folder/$library" ] || continue
      use_driver "$1" "$name" "$folder" "$library"
      break
    done
  done <"$kit/lib/driver-table"
}

# use_driver FOLDER NAME DRIVER-FOLDER LIBRARY: registers a driver that was found, unless an entry reaches it already.
use_driver() {
  case $3 in
    /lib | /usr/lib | /lib64 | /usr/lib64 | /lib/x86_64-linux-gnu | /usr/lib/x86_64-linux-gnu) ;;
    *) driver_folders=$driver_folders$3: ;;
  esac
  for registered in "$1"/*.icd; do
    [ -e "$registered" ] && [ "$(stem_of_entry "$registered")" = "${4%%.so*}" ] || continue
    case $(library_of_entry "$registered") in
      /*) [ -e "$(library_of_entry "$registered")" ] && return ;; # an entry whose library is gone does not count
      *) return ;; # a bare name is looked up in driver_folders too
    esac
  done
  echo "$3/$4" >"$1/$2.icd"
}

library_of_entry() { head -n 1 "$1" | tr -d '[:space:]'; }

# /opt/rocm/lib/libamdocl64.so.2 -> libamdocl64
stem_of_entry() {
  set -- "$(library_of_entry "$1")"
  set -- "${1##*/}"
  echo "${1%%.so*}"
}

# library_path: LD_LIBRARY_PATH for the program: the carried loader first, the drivers' folders, what the caller had,
# and a carried library only where the host has none of that name.
library_path() {
  path=$kit/lib:$driver_folders${LD_LIBRARY_PATH:-}
  path=${path%:}
  absent=$(LD_TRACE_LOADED_OBJECTS=1 LD_LIBRARY_PATH=$path "$kit/lib/upscatter" 2>/dev/null | grep 'not found')
  for fallback in "$kit"/fallback/*; do
    case $absent in *"${fallback##*/}"*) path=$path:$fallback ;; esac
  done
  echo "$path"
}
