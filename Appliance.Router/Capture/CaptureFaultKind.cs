namespace Appliance.Router.Capture;

/// <summary>What is wrong with a source of frames.</summary>
public enum CaptureFaultKind
{
    Missing,
    Unreadable,
    Empty,
    NotCapture,
    TruncatedRecord,
    AbsurdLength,
    MalformedBlock,
    InterfaceFailed,
    FilterRefused,
}
