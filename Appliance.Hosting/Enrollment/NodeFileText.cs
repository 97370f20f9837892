using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Appliance.Hosting.Errors;

namespace Appliance.Hosting.Enrollment;

/// <summary>The node file as text: one line of JSON in one order of its keys, padded with spaces where an image keeps a place for it.</summary>
public static class NodeFileText
{
    private const string WayOut = "write the file anew with 'appliance image node-file'";

    // PEM has '+' and line feeds; the default encoder would spell out the first.
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // The deepest is a list of addresses in an object of a list in the file.
    private static readonly JsonDocumentOptions Read = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>True where an image's place for the file holds none.</summary>
    public static bool IsEmpty(ReadOnlySpan<byte> bytes) => TrimPadding(bytes).IsEmpty;

    /// <summary>Reads a file and holds it against every rule but its signature; throws <see cref="InvalidInputException"/> with all faults.</summary>
    public static NodeFile Parse(ReadOnlySpan<byte> bytes) => Parse(bytes, isKept: false);

    /// <summary>The same for a file that a node has taken over: a router's lies there without the authority's key, and so without a signature that fits.</summary>
    public static NodeFile ParseKept(ReadOnlySpan<byte> bytes) => Parse(bytes, isKept: true);

    /// <summary>What is signed: every key but the signature.</summary>
    public static byte[] Canonical(NodeFile file) => Write(file, withSignature: false);

    /// <summary>The whole file, without padding.</summary>
    public static byte[] Write(NodeFile file) => Write(file, withSignature: true);

    /// <summary>The whole file with the spaces that fill an image's place for it.</summary>
    public static byte[] WritePadded(NodeFile file)
    {
        var text = Write(file);
        if (text.Length > NodeFile.MaxLength)
        {
            throw Broken($"would have {text.Length} bytes; it takes at most {NodeFile.MaxLength}; leave settings out");
        }

        var padded = new byte[NodeFile.MaxLength];
        padded.AsSpan().Fill((byte)' ');
        text.CopyTo(padded, 0);
        return padded;
    }

    private static NodeFile Parse(ReadOnlySpan<byte> bytes, bool isKept)
    {
        var text = TrimPadding(bytes);
        if (bytes.Length > NodeFile.MaxLength)
        {
            throw Broken($"has {bytes.Length} bytes; it takes at most {NodeFile.MaxLength}");
        }

        if (text.IsEmpty)
        {
            throw Broken($"is empty; {WayOut}");
        }

        if (!Utf8.IsValid(text))
        {
            throw Broken($"is no UTF-8 text; {WayOut}");
        }

        var file = ReadJson(text.ToArray());
        var faults = NodeFileRules.Check(file, isKept);
        return faults.Count == 0 ? file : throw new InvalidInputException(faults);
    }

    private static NodeFile ReadJson(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Read);
            return new NodeFileReader().Read(document.RootElement);
        }
        catch (JsonException error)
        {
            throw Broken($"is no JSON at byte {error.BytePositionInLine ?? 0}; {WayOut}");
        }
        // A string with half a surrogate pair in \u notation.
        catch (InvalidOperationException)
        {
            throw Broken($"holds text that is no Unicode; {WayOut}");
        }
    }

    private static byte[] Write(NodeFile file, bool withSignature)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Written))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", NodeFile.Schema);
            json.WriteString("site", file.Site);
            json.WriteString("name", file.Name);
            json.WriteString("role", file.Role.Word());
            WriteFurtherRoles(json, file.FurtherRoles);
            WriteList(json, "addresses", file.Addresses);
            WriteUnlessEmpty(json, "gateway", file.Gateway);
            WriteList(json, "dns", file.Dns);
            WriteVlans(json, file.Vlans);
            WriteUnlessEmpty(json, "interface", file.Interface);
            WriteUnlessEmpty(json, "router", file.Router);
            WriteSettings(json, file.Settings);
            json.WriteString("authority", file.Authority);
            json.WriteString("ca_sha256", file.AuthoritySha256);
            WriteUnlessEmpty(json, "token", file.Token);
            WriteUnlessEmpty(json, "authority_key", file.AuthorityKey);
            if (withSignature)
            {
                json.WriteString("signature", file.Signature);
            }

            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteUnlessEmpty(Utf8JsonWriter json, string key, string value)
    {
        if (value.Length > 0)
        {
            json.WriteString(key, value);
        }
    }

    private static void WriteList(Utf8JsonWriter json, string key, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartArray(key);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteFurtherRoles(Utf8JsonWriter json, IReadOnlyList<FurtherRole> roles)
    {
        if (roles.Count == 0)
        {
            return;
        }

        json.WriteStartArray("further_roles");
        foreach (var further in roles)
        {
            json.WriteStartObject();
            json.WriteString("role", further.Role.Word());
            WriteUnlessEmpty(json, "token", further.Token);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteVlans(Utf8JsonWriter json, IReadOnlyList<NodeVlan> vlans)
    {
        if (vlans.Count == 0)
        {
            return;
        }

        json.WriteStartArray("vlans");
        foreach (var vlan in vlans)
        {
            json.WriteStartObject();
            json.WriteNumber("id", vlan.Id);
            WriteList(json, "addresses", vlan.Addresses);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSettings(Utf8JsonWriter json, IReadOnlyDictionary<string, string> settings)
    {
        if (settings.Count == 0)
        {
            return;
        }

        json.WriteStartObject("settings");
        foreach (var (key, value) in settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> TrimPadding(ReadOnlySpan<byte> bytes) => bytes.TrimEnd(" \r\n\t"u8);

    private static InvalidInputException Broken(string fault) => new("node file", fault);
}
