#ifndef TRACEBOOK_CMEMORY_H
#define TRACEBOOK_CMEMORY_H

#include <malloc.h>
#include <sys/resource.h>

/// Has blocks of 256 KiB and more go back to the system as soon as they are freed, which costs time: otherwise they leave
/// holes among those that stay.
static inline void tracebook_give_back_large_blocks(void) { mallopt(M_MMAP_THRESHOLD, 1 << 18); }

/// Gives back to the system what was freed, wherever it lies between blocks that are still in use.
static inline void tracebook_give_back_freed(void) { malloc_trim(0); }

/// Raises how many files may be open at once as far as the process may: each table in files has a dozen.
static inline void tracebook_allow_many_files(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Asks for the line of the cache at an address, which need not be readable, without waiting for it.
static inline void tracebook_prefetch(const void *address) { __builtin_prefetch(address); }

#endif
