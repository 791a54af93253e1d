#pragma once
// Compiler and libc facilities that Swift cannot see.

/// 1 when the CPU this process runs on supports the x86-64 micro-architecture level (3 or 4), else 0; always 0 on
/// other architectures.
int cshims_supports_x86_64_level(int level);

/// Index of the processing unit the calling thread runs on at this moment, or -1 when the system cannot tell.
int cshims_current_processing_unit(void);

/// Names the calling thread (at most 15 characters are kept) as debuggers and `top -H` show it.
void cshims_name_thread(const char *_Nonnull name);

/// Lets the allocator reuse freed blocks of up to 256 MB instead of returning each to the system, which would hand out
/// pages anew (and clear them) for every array of more than 128 kB. Does nothing without glibc.
void cshims_keep_freed_memory(void);

/// From now on the first SIGINT (Ctrl-C) or SIGTERM is only noted, and a second one ends the process.
void cshims_note_signals(void);

/// The signal that was noted, or 0.
int cshims_noted_signal(void);

/// From now on SIGINT and SIGTERM end the process.
void cshims_default_signals(void);
