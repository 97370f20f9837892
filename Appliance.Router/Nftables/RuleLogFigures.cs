namespace Appliance.Router.Nftables;

/// <summary>How many packets of rules that log were logged, and how many were not.</summary>
internal sealed class RuleLogFigures
{
    private long _logged;
    private long _passedOver;
    private long _lost;

    public long LoggedCount => Interlocked.Read(ref _logged);

    /// <summary>Heard of, and beyond the lines that a second may have.</summary>
    public long PassedOverCount => Interlocked.Read(ref _passedOver);

    /// <summary>Not heard of, since the kernel had no room for them.</summary>
    public long LostCount => Interlocked.Read(ref _lost);

    public void CountLogged() => Interlocked.Increment(ref _logged);

    public void CountPassedOver() => Interlocked.Increment(ref _passedOver);

    public void CountLost(long packets) => Interlocked.Add(ref _lost, packets);
}
