namespace Appliance.Router.Network;

/// <summary>An IPv4 network and the gateway's address in it.</summary>
internal readonly record struct Subnet(uint Gateway, int PrefixLength)
{
    // A /31 has no room for a gateway and a pool; nobody has more hosts than 10.0.0.0/8.
    private const int Shortest = 8;
    private const int Longest = 30;

    public uint Mask => uint.MaxValue << (32 - PrefixLength);

    public uint Network => Gateway & Mask;

    public uint Broadcast => Gateway | ~Mask;

    public static bool TryRead(string text, out Subnet subnet)
    {
        subnet = default;
        var parts = text.Split('/');
        if (parts.Length != 2 || !NetworkNames.TryIPv4(parts[0], out var gateway) || !byte.TryParse(parts[1], out var length) || length is < Shortest or > Longest)
        {
            return false;
        }

        subnet = new Subnet(gateway, length);
        return subnet.IsHost(gateway);
    }

    /// <summary>Whether a host may have the address.</summary>
    public bool IsHost(uint address) => (address & Mask) == Network && address != Network && address != Broadcast;

    public bool Overlaps(Subnet other) => Network <= other.Broadcast && other.Network <= Broadcast;

    public override string ToString() => $"{NetworkNames.Text(Network)}/{PrefixLength}";
}
