/// The buckets of OpenTelemetry's base-2 exponential histogram at scale 5, for lengths in whole nanoseconds.
///
///     bucket   0     1      2 …  33        34 …              2017
///     holds    {0}   {1}    up to 2        up to 4 …         up to 2^63
///
/// 32 buckets to a doubling, each `2^(1/32)` wide (2.2 %), its upper bound included. Everything is done on integers,
/// so a length falls into the same bucket on every machine. A coarser scale joins whole buckets.
enum DurationScale {
  /// One more than the largest bucket.
  static let bucketCount = 2018

  /// `2^63 · 2^(j/32)` for j = 0 … 32, rounded down; the last one at the largest number.
  private static let bounds: [UInt64] = [
    0x8000_0000_0000_0000, 0x82cd_8698_ac2b_a1d7, 0x85aa_c367_cc48_7b14, 0x8898_0e80_92da_8527,
    0x8b95_c1e3_ea8b_d6e6, 0x8ea4_398b_45cd_53c0, 0x91c3_d373_ab11_c336, 0x94f4_efa8_fef7_0961,
    0x9837_f051_8db8_a96f, 0x9b8d_39b9_d54e_5538, 0x9ef5_3260_91a1_11ad, 0xa270_4303_0c49_6818,
    0xa5fe_d6a9_b151_38ea, 0xa9a1_5ab4_ea7c_0ef8, 0xad58_3eea_42a1_4ac6, 0xb123_f581_d2ac_258f,
    0xb504_f333_f9de_6484, 0xb8fb_af47_62fb_9ee9, 0xbd08_a39f_580c_36be, 0xc12c_4cca_6670_9456,
    0xc567_2a11_5506_dadd, 0xc9b9_bd86_6e2f_27a2, 0xce24_8c15_1f84_80e3, 0xd2a8_1d91_f12a_e45a,
    0xd744_fcca_d69d_6af4, 0xdbfb_b797_daf2_3755, 0xe0cc_deec_2a94_e111, 0xe5b9_06e7_7c83_48a8,
    0xeac0_c6e7_dd24_392e, 0xefe4_b99b_dcda_f5cb, 0xf525_7d15_2486_cc2c, 0xfa83_b2db_722a_033a,
    0xffff_ffff_ffff_ffff,
  ]

  /// The bucket that a length falls into; a negative one counts as zero.
  ///
  /// - Complexity: O(1).
  @inline(__always)
  static func bucket(_ nanoseconds: Int64) -> Int {
    guard nanoseconds > 0 else { return 0 }
    let shift = nanoseconds.leadingZeroBitCount
    let mantissa = UInt64(bitPattern: nanoseconds) << UInt64(shift)
    // A straight line through the logarithm is at most 2.8 steps too low and never too high.
    var step = Int((mantissa >> 58) & 31)
    bounds.withUnsafeBufferPointer { bounds in
      while step < 32, mantissa > bounds[step &+ 1] { step &+= 1 }
      if mantissa <= bounds[step] { step &-= 1 }
    }
    return (63 &- shift) &* 32 &+ step &+ 2
  }

  /// The longest length in a bucket.
  static func upperBound(_ bucket: Int) -> Int64 {
    guard bucket > 1 else { return Int64(max(bucket, 0)) }
    let power = min((bucket - 2) / 32, 62)
    let step = (bucket - 2) % 32
    if step == 31 { return power == 62 ? .max : 1 << Int64(power + 1) }
    return Int64(clamping: bounds[step + 1] >> UInt64(63 - power))
  }

  /// The longest length that is too short for a bucket.
  static func lowerBound(_ bucket: Int) -> Int64 { bucket > 0 ? upperBound(bucket - 1) : 0 }

  /// The bucket at a scale that joins `2^steps` buckets into one, numbered likewise.
  @inline(__always)
  static func coarse(_ bucket: Int, by steps: Int) -> Int {
    bucket == 0 ? 0 : ((bucket &- 2) >> steps) &+ 2
  }

  /// The longest length in a bucket of a coarser scale.
  static func upperBound(_ bucket: Int, by steps: Int) -> Int64 {
    bucket < 2 ? Int64(max(bucket, 0)) : upperBound(((bucket - 1) << steps) + 1)
  }
}
