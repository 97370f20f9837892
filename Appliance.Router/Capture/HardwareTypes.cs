namespace Appliance.Router.Capture;

/// <summary>Hardware types of interfaces (ARPHRD_…, if_arp.h) and what their frames begin with.</summary>
internal static class HardwareTypes
{
    public const ushort Loopback = 772;
    private const ushort Ethernet = 1;
    private const ushort Ppp = 512;
    private const ushort Tunnel = 768;
    private const ushort Sit = 776;
    private const ushort None = 65534;

    /// <summary>A number that no file uses stands for an unknown link, whose frames count as undecoded.</summary>
    public static LinkType ToLink(ushort hardware) => hardware switch
    {
        Ethernet or Loopback => LinkType.Ethernet,
        Ppp or Tunnel or Sit or None => LinkType.Raw,
        _ => (LinkType)(-1),
    };
}
