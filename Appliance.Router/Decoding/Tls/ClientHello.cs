using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Tls;

/// <summary>The parts of a ClientHello that facts are made of (RFC 8446, 4.1.2), as long as its bytes.</summary>
internal ref struct ClientHello
{
    public const byte MessageType = 1;
    public const int HeaderLength = 4;
    private const int RandomLength = 32;
    private const ushort ServerNameExtension = 0;
    private const ushort AlgorithmsExtension = 13;
    private const ushort ProtocolsExtension = 16;
    private const ushort VersionsExtension = 43;
    private const byte HostName = 0;

    public ushort LegacyVersion { get; private set; }

    /// <summary>Numbers of two bytes each.</summary>
    public ReadOnlySpan<byte> Ciphers { get; private set; }

    /// <summary>Type, length and content of each.</summary>
    public ReadOnlySpan<byte> Extensions { get; private set; }

    public bool HasServerName { get; private set; }

    public ReadOnlySpan<byte> ServerName { get; private set; }

    /// <summary>Names behind their lengths of one byte (RFC 7301).</summary>
    public ReadOnlySpan<byte> Protocols { get; private set; }

    public ReadOnlySpan<byte> SignatureAlgorithms { get; private set; }

    /// <summary>Empty for a client before TLS 1.3.</summary>
    public ReadOnlySpan<byte> SupportedVersions { get; private set; }

    /// <summary>The highest version that the client offers; one that is strewn in (RFC 8701) is none.</summary>
    public readonly ushort Version
    {
        get
        {
            var highest = SupportedVersions.IsEmpty ? LegacyVersion : (ushort)0;
            var reader = new ByteReader(SupportedVersions);
            while (reader.TryUInt16(out var version))
            {
                highest = Ja4.IsGrease(version) ? highest : Math.Max(highest, version);
            }

            return highest;
        }
    }

    /// <summary>Reads a handshake message, its type and length first; false when it is another one or malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out ClientHello hello)
    {
        hello = default;
        var reader = new ByteReader(message);
        if (!reader.TryByte(out var type) || type != MessageType || !reader.TryUInt24(out var length) || length != reader.Rest.Length)
        {
            return false;
        }

        var isWhole = reader.TryUInt16(out var version) & reader.TrySkip(RandomLength) & reader.TryBlock8(out _)
            & reader.TryBlock16(out var ciphers) & reader.TryBlock8(out _);
        if (!isWhole)
        {
            return false;
        }

        hello.LegacyVersion = version;
        hello.Ciphers = ciphers;

        // A client of SSL 3.0 may have none.
        return reader.Rest.IsEmpty || (reader.TryBlock16(out var extensions) && hello.TryReadExtensions(extensions));
    }

    private bool TryReadExtensions(ReadOnlySpan<byte> extensions)
    {
        Extensions = extensions;
        var reader = new ByteReader(extensions);
        while (!reader.Rest.IsEmpty)
        {
            if (!reader.TryUInt16(out var type) || !reader.TryBlock16(out var content))
            {
                return false;
            }

            Take(type, content);
        }

        return true;
    }

    private void Take(ushort type, ReadOnlySpan<byte> content)
    {
        var reader = new ByteReader(content);
        switch (type)
        {
            case ServerNameExtension:
                HasServerName = true;
                ServerName = reader.TryBlock16(out var names) ? FindHostName(names) : default;
                break;
            case AlgorithmsExtension:
                SignatureAlgorithms = reader.TryBlock16(out var algorithms) ? algorithms : default;
                break;
            case ProtocolsExtension:
                Protocols = reader.TryBlock16(out var protocols) ? protocols : default;
                break;
            case VersionsExtension:
                SupportedVersions = reader.TryBlock8(out var versions) ? versions : default;
                break;
            default:
                break;
        }
    }

    // RFC 6066, 3: of each kind one, and only host names are defined.
    private static ReadOnlySpan<byte> FindHostName(ReadOnlySpan<byte> names)
    {
        var reader = new ByteReader(names);
        while (reader.TryByte(out var kind) && reader.TryBlock16(out var name))
        {
            if (kind == HostName)
            {
                return name;
            }
        }

        return default;
    }
}
