#pragma once
#include <stddef.h>
// The texts of Kernels/src, compiled into the product: nothing is looked up at run time.

typedef struct {
  const char *_Nonnull name;
  /// UTF-8, `length` bytes and a terminating zero.
  const char *_Nonnull text;
  size_t length;
} kernel_source_t;

/// Source number `index`, counted from 0, or NULL past the last one.
const kernel_source_t *_Nullable kernel_source(int index);
