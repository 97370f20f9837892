namespace Appliance.Router.Decoding.Facts;

/// <summary>Takes facts in the order of their packets, on the packet's thread: it must be quick and must not throw.</summary>
public interface IFactSink
{
    void Accept(Fact fact);
}
