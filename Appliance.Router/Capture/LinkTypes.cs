namespace Appliance.Router.Capture;

/// <summary>Numbers of link types as files carry them.</summary>
internal static class LinkTypes
{
    /// <summary>Some systems write their own DLT_RAW, 12 or 14, where the registry says 101.</summary>
    public static LinkType From(int number) => number is 12 or 14 ? LinkType.Raw : (LinkType)number;
}
