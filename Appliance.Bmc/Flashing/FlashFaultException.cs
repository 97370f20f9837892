namespace Appliance.Bmc.Flashing;

/// <summary>Ends one attempt to write a slot, with what is then told.</summary>
internal sealed class FlashFaultException(FlashFault fault, string message) : Exception(message)
{
    public FlashFault Fault { get; } = fault;
}
