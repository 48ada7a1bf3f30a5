#include "CInflate.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>

// ISA-L's state holds arrays that Swift cannot import: this file is all that knows it.
struct tracebook_inflater {
  struct inflate_state state;
};

tracebook_inflater *tracebook_inflater_make(void) {
  tracebook_inflater *inflater = malloc(sizeof *inflater);
  if (inflater) tracebook_inflater_reset(inflater);
  return inflater;
}

void tracebook_inflater_free(tracebook_inflater *inflater) { free(inflater); }

void tracebook_inflater_reset(tracebook_inflater *inflater) {
  isal_inflate_init(&inflater->state);
  inflater->state.crc_flag = ISAL_DEFLATE;
}

tracebook_inflate_result tracebook_inflate(
    tracebook_inflater *inflater, const uint8_t *input, size_t input_count, uint8_t *output, size_t output_count) {
  struct inflate_state *state = &inflater->state;
  if (input_count > UINT32_MAX / 2) input_count = UINT32_MAX / 2;
  if (output_count > UINT32_MAX / 2) output_count = UINT32_MAX / 2;
  // The input is only read, though the interface does not say so.
  state->next_in = (uint8_t *)input;
  state->avail_in = (uint32_t)input_count;
  state->next_out = output;
  state->avail_out = (uint32_t)output_count;
  int code = isal_inflate(state);
  tracebook_inflate_result result = {
      .consumed = (ptrdiff_t)input_count - (ptrdiff_t)state->avail_in,
      .produced = output_count - state->avail_out,
      .status = code < 0 ? -1 : 0,
  };
  // At damage ISA-L may stand in its own copy of an earlier block header: its count is then none of this input.
  if (code < 0 && (result.consumed < 0 || result.consumed > (ptrdiff_t)input_count)) result.consumed = 0;
  if (code >= 0 && state->block_state == ISAL_BLOCK_FINISH) {
    // Whole bytes behind the end that were taken ahead.
    result.consumed -= state->read_in_length > 0 ? state->read_in_length / 8 : 0;
    state->read_in_length = 0;
    result.status = 1;
  }
  return result;
}

uint32_t tracebook_crc32(uint32_t checksum, const uint8_t *bytes, size_t count) {
  return crc32_gzip_refl(checksum, bytes, count);
}

struct tracebook_packer {
  struct isal_zstream stream;
  uint8_t level_buffer[ISAL_DEF_LVL1_DEFAULT];
  /// What was allocated.
  void *memory;
};

// The place of four bytes in the table of hashes, in the bits that tables of all sizes have: CRC-32C.
static uint32_t place_of_hash(uint32_t bytes) {
  for (int bit = 0; bit < 32; bit++) bytes = bytes >> 1 ^ (0x82f63b78 & -(bytes & 1));
  return bytes & 0x3ff;
}

// ISA-L 2.30 takes the stream's address (bits 16 to 47) for the bytes at the third place when it enters that place into the
// table of hashes (igzip_icf_body_h1_gr_bt.asm, where there is no history). Should that be where the first, second or third
// place belongs, matches are found or not that are else: equal input gave other bytes in one of 3,000 runs.
static int is_safe(const void *stream, const uint8_t *beginning, size_t count) {
  uint32_t wrong = place_of_hash((uint32_t)((uintptr_t)stream >> 16));
  for (size_t place = 0; place < 3 && place + 4 <= count; place++) {
    uint32_t bytes;
    memcpy(&bytes, beginning + place, sizeof bytes);
    if (place_of_hash(bytes) == wrong) return 0;
  }
  return 1;
}

tracebook_packer *tracebook_packer_make(const uint8_t *beginning, size_t count) {
  // One of four places is safe, but for one in 10^10 runs.
  enum { places = 4, distance = 1 << 16 };
  char *memory = malloc(sizeof(tracebook_packer) + (places - 1) * distance);
  if (!memory) return NULL;
  tracebook_packer *packer = (tracebook_packer *)memory;
  for (int place = 0; place < places; place++) {
    packer = (tracebook_packer *)(memory + place * distance);
    if (is_safe(&packer->stream, beginning, count)) break;
  }
  isal_deflate_init(&packer->stream);
  packer->stream.level = 1;
  packer->stream.level_buf = packer->level_buffer;
  packer->stream.level_buf_size = sizeof packer->level_buffer;
  packer->stream.flush = NO_FLUSH;
  packer->stream.gzip_flag = IGZIP_GZIP;
  packer->memory = memory;
  return packer;
}

void tracebook_packer_free(tracebook_packer *packer) { free(packer->memory); }

tracebook_pack_result tracebook_pack(
    tracebook_packer *packer, const uint8_t *input, size_t input_count, int is_last, uint8_t *output,
    size_t output_count) {
  struct isal_zstream *stream = &packer->stream;
  // Counts of 32 bits.
  size_t input_piece = input_count < UINT32_MAX / 2 ? input_count : UINT32_MAX / 2;
  size_t output_piece = output_count < UINT32_MAX / 2 ? output_count : UINT32_MAX / 2;
  // The input is only read, though the interface does not say so.
  stream->next_in = (uint8_t *)input;
  stream->avail_in = (uint32_t)input_piece;
  stream->next_out = output;
  stream->avail_out = (uint32_t)output_piece;
  stream->end_of_stream = is_last && input_piece == input_count;
  int code = isal_deflate(stream);
  tracebook_pack_result result = {
      .taken = input_piece - stream->avail_in,
      .written = output_piece - stream->avail_out,
      .status = code != COMP_OK ? -1 : stream->internal_state.state == ZSTATE_END ? 1 : 0,
  };
  return result;
}
