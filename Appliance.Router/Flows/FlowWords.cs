using System.Globalization;
using Appliance.Router.Decoding;

namespace Appliance.Router.Flows;

/// <summary>Lower-case words for what a flow record says.</summary>
public static class FlowWords
{
    public static string Of(FlowState state) => state switch
    {
        FlowState.Answered => "answered",
        FlowState.Refused => "refused",
        _ => "unanswered",
    };

    public static string Of(EndReason reason) => reason switch
    {
        EndReason.Finished => "finished",
        EndReason.Reset => "reset",
        EndReason.Idle => "idle",
        EndReason.Evicted => "evicted",
        EndReason.CaptureEnded => "capture-ended",
        _ => "",
    };

    /// <summary>IANA keyword of the protocol, or its number.</summary>
    public static string OfProtocol(byte protocol) => IPProtocol.NameOf(protocol) ?? protocol.ToString(CultureInfo.InvariantCulture);
}
