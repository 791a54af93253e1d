#include "messages.h"

#include <string.h>

#include "upscatter.h"

enum { SIZE = 8192 };
static _Thread_local char error[SIZE];
static _Thread_local char notes[SIZE];

static void keep(char *store, const char *text) {
  size_t length = strlen(text);
  if (length >= SIZE) {
    length = SIZE - 1;
    // back to the first byte of a UTF-8 character
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) length--;
  }
  memcpy(store, text, length);
  store[length] = 0;
}

void cupscatter_keep_error(const char *text) { keep(error, text); }
void cupscatter_keep_notes(const char *text) { keep(notes, text); }

const char *upscatter_last_error(void) { return error; }
const char *upscatter_notes(void) { return notes; }
int32_t upscatter_abi_version(void) { return UPSCATTER_ABI_VERSION; }
