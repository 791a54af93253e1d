#pragma once
// Texts that belong to the calling thread: what upscatter_last_error and upscatter_notes return.

/// Keeps the text for `upscatter_last_error`, cut to 8191 bytes at the end of a character.
void cupscatter_keep_error(const char *_Nonnull text);

/// Keeps the text for `upscatter_notes`, cut likewise.
void cupscatter_keep_notes(const char *_Nonnull text);
