#include "CInflate.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>

// ISA-L's state holds arrays that Swift cannot import: this file is all that knows it.
struct tracebook_inflater {
  struct inflate_state state;
  // As it was before the call at hand.
  struct inflate_state before;
  // Damage was met: what comes before it is inflated once more.
  int is_careful;
  // Bytes of input that lie well before the damage.
  size_t safe_input;
  // The damage was met again: what waits in the state is all there is.
  int is_damaged;
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
  inflater->is_careful = 0;
  inflater->is_damaged = 0;
}

// Copies a state; of the output that it keeps only what there is.
static void copy_state(struct inflate_state *copy, const struct inflate_state *state) {
  memcpy(copy, state, offsetof(struct inflate_state, tmp_out_buffer) + (size_t)state->tmp_out_valid);
}

static tracebook_inflate_result inflate_piece(
    struct inflate_state *state, const uint8_t *input, size_t input_count, uint8_t *output, size_t output_count) {
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

// Gives all that comes before damage, and nothing that does not.
//
//     input   | safe: in one piece            | byte by byte … ✗
//
// Where ISA-L has some bytes of input ahead, it counts a copy as output before it looks whether its distance is one: up to 258 bytes
// would be what the memory held before. Given a byte at a time it looks first. And where the output is too small for what it
// has, the rest waits in its state, also when damage was met.
static tracebook_inflate_result inflate_carefully(
    tracebook_inflater *inflater, const uint8_t *input, size_t input_count, uint8_t *output, size_t output_count) {
  struct inflate_state *state = &inflater->state;
  tracebook_inflate_result all = {0};
  while (!inflater->is_damaged && all.produced < output_count) {
    size_t left = input_count - (size_t)all.consumed;
    size_t most = inflater->safe_input > 0 ? inflater->safe_input : 1;
    tracebook_inflate_result piece = inflate_piece(
        state, input + all.consumed, left < most ? left : most, output + all.produced, output_count - all.produced);
    all.consumed += piece.consumed;
    all.produced += piece.produced;
    if (piece.status > 0) {
      all.status = 1;
      return all;
    }
    if (inflater->safe_input > 0) inflater->safe_input -= (size_t)piece.consumed;
    int has_moved = piece.consumed > 0 || piece.produced > 0;
    if (piece.status < 0 || (left > 0 && !has_moved)) inflater->is_damaged = 1;
    if (!has_moved) break;
  }
  if (inflater->is_damaged) {
    size_t waiting = (size_t)(state->tmp_out_valid - state->tmp_out_processed);
    size_t room = output_count - all.produced;
    size_t taken = waiting < room ? waiting : room;
    memcpy(output + all.produced, state->tmp_out_buffer + state->tmp_out_processed, taken);
    state->tmp_out_processed += (int32_t)taken;
    all.produced += taken;
    if (all.produced == 0) all.status = -1;
  }
  return all;
}

tracebook_inflate_result tracebook_inflate(
    tracebook_inflater *inflater, const uint8_t *input, size_t input_count, uint8_t *output, size_t output_count) {
  // Damage is found in what was read at most so many bytes ahead of it.
  enum { ahead = 64 };
  // Counts of 32 bits.
  if (input_count > UINT32_MAX / 2) input_count = UINT32_MAX / 2;
  if (output_count > UINT32_MAX / 2) output_count = UINT32_MAX / 2;
  if (!inflater->is_careful) {
    copy_state(&inflater->before, &inflater->state);
    tracebook_inflate_result result = inflate_piece(&inflater->state, input, input_count, output, output_count);
    if (result.status >= 0) return result;
    copy_state(&inflater->state, &inflater->before);
    inflater->is_careful = 1;
    inflater->safe_input = result.consumed > ahead ? (size_t)result.consumed - ahead : 0;
  }
  return inflate_carefully(inflater, input, input_count, output, output_count);
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
