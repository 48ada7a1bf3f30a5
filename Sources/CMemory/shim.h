#ifndef TRACEBOOK_CMEMORY_H
#define TRACEBOOK_CMEMORY_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/// Has the process take no more memory than it uses, which costs time: blocks of 256 KiB and more go back to the system
/// as soon as they are freed, where they would leave holes among those that stay, and huge pages are not used.
static inline void tracebook_save_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 1 << 18);
  prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
}

/// Raises how many files may be open at once as far as the process may: each table in files has a dozen.
static inline void tracebook_allow_many_files(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// What the system can back by one page in place of 512.
#define TRACEBOOK_HUGE_PAGE ((size_t)1 << 21)

/// Memory of so many bytes, all 0, that goes back by munmap; NULL when there is none. From a huge page on it is asked for in
/// huge pages: they cost less to make, and fewer addresses have to be translated.
static inline void *tracebook_map(size_t bytes) {
  int isHuge = bytes >= TRACEBOOK_HUGE_PAGE;
  size_t room = isHuge ? bytes + TRACEBOOK_HUGE_PAGE : bytes;
  char *base = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED) return NULL;
  if (!isHuge) return base;
  size_t before = -(uintptr_t)base % TRACEBOOK_HUGE_PAGE;
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t end = (before + bytes + page - 1) / page * page;
  if (before > 0) munmap(base, before);
  if (end < room) munmap(base + end, room - end);
  madvise(base + before, bytes, MADV_HUGEPAGE);
  return base + before;
}

/// Makes such memory larger, elsewhere if need be, without copying; NULL without room: then it is as it was.
static inline void *tracebook_map_again(void *block, size_t bytes, size_t wanted) {
  if (wanted < TRACEBOOK_HUGE_PAGE) {
    void *moved = mremap(block, bytes, wanted, MREMAP_MAYMOVE);
    return moved == MAP_FAILED ? NULL : moved;
  }
  void *target = tracebook_map(wanted);
  // Where addresses are short, both may have no room at once: then it begins anywhere.
  void *moved = target == NULL ? mremap(block, bytes, wanted, MREMAP_MAYMOVE)
                               : mremap(block, bytes, wanted, MREMAP_MAYMOVE | MREMAP_FIXED, target);
  if (moved == MAP_FAILED) return NULL;
  madvise(moved, wanted, MADV_HUGEPAGE);
  return moved;
}

/// Gives back to the system what was freed, wherever it lies between blocks that are still in use.
static inline void tracebook_give_back_freed(void) { malloc_trim(0); }

/// Asks for the line of the cache at an address, which need not be readable, without waiting for it.
static inline void tracebook_prefetch(const void *address) { __builtin_prefetch(address); }

#endif
