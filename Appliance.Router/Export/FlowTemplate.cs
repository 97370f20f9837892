using System.Buffers.Binary;
using Appliance.Router.Decoding;
using Appliance.Router.Flows;

namespace Appliance.Router.Export;

/// <summary>The layout of one kind of flow record, as it is told to collectors and as it is written.</summary>
internal sealed class FlowTemplate(ushort id, params IReadOnlyList<FlowField>[] parts)
{
    /// <summary>Room for the longest record and the longest template.</summary>
    public const int MaxBytes = 256;

    private const ushort EnterpriseBit = 0x8000;
    private readonly FlowField[] _fields = [.. parts.SelectMany(part => part)];

    public static FlowTemplate IPv4 { get; } = new(256, FlowFields.Times, FlowFields.IPv4Addresses, FlowFields.Ports, FlowFields.Rest);

    public static FlowTemplate IPv6 { get; } = new(257, FlowFields.Times, FlowFields.IPv6Addresses, FlowFields.Ports, FlowFields.Rest);

    public static FlowTemplate IcmpV4 { get; } = new(258, FlowFields.Times, FlowFields.IPv4Addresses, FlowFields.IcmpV4, FlowFields.Rest);

    public static FlowTemplate IcmpV6 { get; } = new(259, FlowFields.Times, FlowFields.IPv6Addresses, FlowFields.IcmpV6, FlowFields.Rest);

    public static IReadOnlyList<FlowTemplate> All { get; } = [IPv4, IPv6, IcmpV4, IcmpV6];

    /// <summary>Number of the template, and of the sets that hold its records.</summary>
    public ushort Id => id;

    public static FlowTemplate Of(in Flow flow) => (flow.IsIPv4, flow.Key.Protocol) switch
    {
        (true, IPProtocol.Icmp) => IcmpV4,
        (false, IPProtocol.IcmpV6) => IcmpV6,
        (true, _) => IPv4,
        _ => IPv6,
    };

    /// <summary>Writes the template record (RFC 7011, 3.4.1) and says how long it is.</summary>
    public int Describe(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, id);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)_fields.Length);
        var length = 4;
        foreach (var field in _fields)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination[length..], field.IsReverse ? (ushort)(field.Element | EnterpriseBit) : field.Element);
            BinaryPrimitives.WriteUInt16BigEndian(destination[(length + 2)..], field.Length);
            length += 4;
            if (field.IsReverse)
            {
                BinaryPrimitives.WriteUInt32BigEndian(destination[length..], FlowField.ReverseEnterprise);
                length += sizeof(uint);
            }
        }

        return length;
    }

    /// <summary>Writes the flow's data record and says how long it is.</summary>
    public int Write(in Flow flow, Span<byte> destination)
    {
        var length = 0;
        foreach (var field in _fields)
        {
            length += field.Write(flow, destination[length..]);
        }

        return length;
    }
}
