using System.Runtime.InteropServices;
using Appliance.Router.Decoding;

namespace Appliance.Router.Flows;

/// <summary>A hardware address in six bytes rather than eight.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
internal readonly struct StoredMac(MacAddress address)
{
    private readonly uint _low = (uint)address.Value;
    private readonly ushort _high = (ushort)(address.Value >> 32);

    public MacAddress ToMacAddress() => new(((ulong)_high << 32) | _low);
}
