#pragma once
#include <sqlite3.h>

// A macro with a cast, which Swift cannot import: SQLite copies what is bound.
static inline sqlite3_destructor_type csqlite_transient(void) { return SQLITE_TRANSIENT; }
