#ifndef CFILESYSTEM_H
#define CFILESYSTEM_H

// Calls of the C library that Swift's module of it leaves out, since they are Linux's own.

/// Swaps two names in one step when `flags` is TRACEBOOK_RENAME_EXCHANGE (renameat2(2)).
int renameat2(int old_folder, const char *old_path, int new_folder, const char *new_path, unsigned int flags);
/// Hands everything written to the file system of a descriptor to the disk (syncfs(2)).
int syncfs(int descriptor);
/// Lets the disk begin with a part of a file, or with all behind `offset` when `count` is 0 (sync_file_range(2)).
int sync_file_range(int descriptor, long long offset, long long count, unsigned int flags);

#define TRACEBOOK_RENAME_EXCHANGE 2u
#define TRACEBOOK_BEGIN_WRITING 2u

#endif
