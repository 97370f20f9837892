namespace Appliance.Evaluation.Windows;

/// <summary>Ten seconds of one host, on the capture's clock.</summary>
internal readonly record struct HostWindow(UInt128 Host, long Index)
{
    private const long Nanoseconds = 10_000_000_000;

    public HostWindow Next => new(Host, Index + 1);

    public static long IndexOf(long time) => Math.DivRem(time, Nanoseconds).Quotient;

    public static long StartOf(long index) => index * Nanoseconds;
}
