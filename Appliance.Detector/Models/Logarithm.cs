namespace Appliance.Detector.Models;

/// <summary>A logarithm of IEEE 754 basic operations only, so that every machine computes the same bits.</summary>
internal static class Logarithm
{
    private const double Ln2 = 0.693147180559945309417;
    private const double Sqrt2 = 1.41421356237309504880;
    private const int MantissaBits = 52;
    private const int ExponentBias = 1023;

    // 0.0294^11 / 23 < 1e-18: one more term would change nothing.
    private const int LastDivisor = 21;

    /// <summary>log(1 + value) for finite values; those below zero count as zero.</summary>
    public static float OnePlus(float value) => (float)Of(1f + Math.Max(0f, value));

    private static double Of(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> MantissaBits) - ExponentBias;
        var mantissa = BitConverter.Int64BitsToDouble((bits & ((1L << MantissaBits) - 1)) | ((long)ExponentBias << MantissaBits));
        if (mantissa > Sqrt2)
        {
            mantissa /= 2;
            exponent++;
        }

        // log(m) = 2 artanh((m - 1) / (m + 1)), by its series.
        var z = (mantissa - 1) / (mantissa + 1);
        var square = z * z;
        var sum = 0.0;
        for (var divisor = LastDivisor; divisor >= 1; divisor -= 2)
        {
            sum = (sum * square) + (1.0 / divisor);
        }

        return (2 * z * sum) + (exponent * Ln2);
    }
}
