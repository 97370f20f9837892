namespace Appliance.Router.Flows;

/// <summary>Numbers flows by their beginning, over all tables that share it.</summary>
public sealed class FlowOrdinals
{
    private long _last;

    public long Next() => Interlocked.Increment(ref _last);
}
