/// Texts of the experiment catalogue, of its library and of the published curves, compiled into the product.
#ifndef CATALOGUE_FILES_H
#define CATALOGUE_FILES_H

#include <stddef.h>

/// One embedded file: `path` relative to the folder of this target ("entries/NAME/experiment.yaml"), `text` as it is on
/// disk followed by a zero byte that `length` does not count.
typedef struct {
  const char *_Nonnull path;
  const char *_Nonnull text;
  size_t length;
} catalogue_file_t;

/// The file at `index`, NULL past the last one.
const catalogue_file_t *_Nullable catalogue_file(int index);

#endif
