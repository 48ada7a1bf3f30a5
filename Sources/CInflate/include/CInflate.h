#ifndef CINFLATE_H
#define CINFLATE_H

#include <stddef.h>
#include <stdint.h>

/// Inflates one raw deflate stream after another; one thread at a time.
typedef struct tracebook_inflater tracebook_inflater;

/// What came of one call.
typedef struct {
  /// Bytes of input used; below zero when bytes that were taken ahead in earlier calls are given back.
  ptrdiff_t consumed;
  /// Bytes of output written.
  size_t produced;
  /// 0: more is to come. 1: the stream is at its end. -1: the data is damaged.
  int status;
} tracebook_inflate_result;

/// At most so many bytes are given back at the end of a stream.
#define TRACEBOOK_INFLATE_GIVES_BACK 8

/// Makes an inflater; null when there is no memory.
tracebook_inflater *tracebook_inflater_make(void);
void tracebook_inflater_free(tracebook_inflater *inflater);
/// Turns to a new stream.
void tracebook_inflater_reset(tracebook_inflater *inflater);
/// Inflates what fits. With no input it gives what was taken ahead. Damage is told by a call that gives nothing: all that comes before it
/// was given then.
tracebook_inflate_result tracebook_inflate(
    tracebook_inflater *inflater, const uint8_t *input, size_t input_count, uint8_t *output, size_t output_count);
/// The checksum of gzip, continued from an earlier one; it begins with 0.
uint32_t tracebook_crc32(uint32_t checksum, const uint8_t *bytes, size_t count);

/// Packs bytes as one gzip member without name, time or host, quickly.
typedef struct tracebook_packer tracebook_packer;

/// Makes a packer for what begins with some bytes, of which 6 are looked at; null when there is no memory.
tracebook_packer *tracebook_packer_make(const uint8_t *beginning, size_t count);
void tracebook_packer_free(tracebook_packer *packer);

/// What came of one call.
typedef struct {
  /// Bytes of input used.
  size_t taken;
  /// Bytes of output written; when the output is full, more may be waiting.
  size_t written;
  /// 0: more can be given. 1: the member is at its end. -1: it cannot be made.
  int status;
} tracebook_pack_result;

/// Packs what it can of more bytes, the last ones if so said.
tracebook_pack_result tracebook_pack(
    tracebook_packer *packer, const uint8_t *input, size_t input_count, int is_last, uint8_t *output,
    size_t output_count);

#endif
