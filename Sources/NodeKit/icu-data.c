// An empty data package for the ICU inside Foundation, laid out as in ICU's own stubdata.cpp. Linked first, it keeps
// 34 MB of locale data (names of languages, calendars, collation) out of the binary. Nothing of ours reads them: numbers
// are written by the C library, and the character properties that regular expressions need are compiled into ICU's code.
// NODE_KIT_ICU_DATA is the symbol of the toolchain's ICU version, such as icudt76_dat (Scripts/make-node-kit finds it).
#include <stdint.h>

struct icu_data_package {
  uint16_t header_size;
  uint8_t magic[2];
  uint16_t info_size, reserved;
  uint8_t is_big_endian, charset_family, size_of_uchar, reserved_byte;
  uint8_t format[4], format_version[4], data_version[4];
  uint8_t padding[8];
  uint32_t item_count, reserved_word;
  int32_t no_name_no_data[4];
};

extern const struct icu_data_package NODE_KIT_ICU_DATA;
_Alignas(16) const struct icu_data_package NODE_KIT_ICU_DATA = {
    .header_size = 32,
    .magic = {0xda, 0x27},
    .info_size = 20,
    .size_of_uchar = 2,
    .format = {'T', 'o', 'C', 'P'},
    .format_version = {1},
};
