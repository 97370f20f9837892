using System.Runtime.CompilerServices;

namespace Appliance.Router.Flows;

/// <summary>What one direction of a flow has carried, and what the moments of its sizes and gaps are taken from.</summary>
/// <remarks>
/// 48 bytes. The sum of the sizes is the count of bytes and the sum of the gaps the time between first and last packet, both whole numbers, so the
/// means cost nothing. Squares of sizes are added as whole numbers too and cannot cancel; those of gaps, up to 2^92 ns², are kept as the sum of
/// squared differences from the mean, by the update of Youngs and Cramer (1971), which is as sound as Welford's and divides once.
/// </remarks>
internal struct DirectionCounts
{
    // These two first: packets of the other direction look at them too.

    /// <summary>The latest time seen, nanoseconds since 1970 UTC; it does not go back where the clock does.</summary>
    public long LastTime;
    public long Packets;
    public long FirstTime;
    public long Bytes;
    public ulong SizeSquares;

    /// <summary>Sum of squared differences of the gaps from their mean, in ns².</summary>
    public double GapSpread;

    /// <summary>Takes a packet. A clock that goes back makes a gap of zero, and the next gap counts from the latest time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(long time, long bytes)
    {
        var gaps = Packets++;
        Bytes += bytes;

        // Sizes up to 64 KB fill it after 2^32 packets of that size.
        var squares = SizeSquares + ((ulong)bytes * (ulong)bytes);
        SizeSquares = squares < SizeSquares ? ulong.MaxValue : squares;
        if (gaps == 0)
        {
            FirstTime = LastTime = time;
            return;
        }

        var gap = Math.Max(time - LastTime, 0);
        LastTime = Math.Max(time, LastTime);
        if (gaps > 1)
        {
            var difference = ((double)gaps * gap) - (LastTime - FirstTime);
            GapSpread += difference * difference / ((double)gaps * (gaps - 1));
        }
    }

    public readonly FlowSpread ToSpread() => new(FirstTime, LastTime, SizeSquares, GapSpread);
}
