namespace Appliance.Router.Flows;

/// <summary>Mean and standard deviation of all values seen, not of a sample; both are zero without any.</summary>
public readonly record struct Moments(double Mean, double Deviation)
{
    private const double Second = 1e9;

    /// <summary>Of packet sizes, in bytes.</summary>
    internal static Moments OfSizes(long packets, long bytes, in FlowSpread spread)
    {
        if (packets == 0)
        {
            return default;
        }

        // In whole numbers up to here, so that sizes that hardly differ keep all their digits.
        var count = (UInt128)packets;
        var squares = count * spread.SizeSquares;
        var squared = (UInt128)bytes * (UInt128)bytes;
        var difference = squares > squared ? (double)(squares - squared) : 0;
        return new((double)bytes / packets, Math.Sqrt(difference) / packets);
    }

    /// <summary>Of the gaps between packets, in seconds.</summary>
    internal static Moments OfGaps(long packets, in FlowSpread spread)
    {
        if (packets < 2)
        {
            return default;
        }

        var gaps = packets - 1;
        return new((spread.LastTime - spread.FirstTime) / (double)gaps / Second, Math.Sqrt(spread.GapSpread / gaps) / Second);
    }
}
