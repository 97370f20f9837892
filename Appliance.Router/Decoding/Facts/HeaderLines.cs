namespace Appliance.Router.Decoding.Facts;

/// <summary>Header fields as HTTP and SSDP write them: a name, a colon, a value, a line each, an empty line last.</summary>
internal ref struct HeaderLines(ReadOnlySpan<byte> lines)
{
    private ReadOnlySpan<byte> _rest = lines;

    /// <summary>Takes the line without its end; false when no whole line is left.</summary>
    public bool TryLine(out ReadOnlySpan<byte> line)
    {
        var end = _rest.IndexOf((byte)'\n');
        if (end < 0)
        {
            line = default;
            return false;
        }

        line = _rest[..end].TrimEnd((byte)'\r');
        _rest = _rest[(end + 1)..];
        return true;
    }

    /// <summary>Takes the next field; false at the empty line, at one without a colon, or when no whole line is left.</summary>
    public bool TryField(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        if (!TryLine(out var line))
        {
            return false;
        }

        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            return false;
        }

        name = line[..colon];
        value = line[(colon + 1)..].Trim(" \t"u8);
        return true;
    }
}
