namespace Appliance.Router.Decoding.Facts;

/// <summary>Takes facts in the order of their packets, on the packet's thread: it must be quick and must not throw.</summary>
public interface IFactSink
{
    /// <summary>Takes one fact.</summary>
    /// <param name="fact">What was said.</param>
    /// <param name="time">The capture's clock, as for the flow events before and behind it; nanoseconds since 1970 UTC.</param>
    void Accept(Fact fact, long time);
}
