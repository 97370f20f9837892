using System.Collections;
using System.Globalization;
using System.Net;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Appliance.Hosting.Audit;

/// <summary>Reads from a request what it is about and why. Only fields that name a thing are read: a password or a file's content never gets here.</summary>
internal static class AuditSubject
{
    private const string RequestId = "request_id";
    private const int MacLength = 6;
    private static readonly string[] Naming =
        ["id", "address", "mac", "network", "serial", "account", "version", "source", "destination", "slot_number", "slot_numbers", "speed_percent"];

    private static readonly string[] Explaining = ["reason", "comment"];

    /// <summary>For example <c>block_id=01JD…</c>; empty where the request names nothing.</summary>
    public static string Of(IMessage request)
    {
        var named = NamesIn(request, "").Concat(Inner(request).SelectMany(inner => NamesIn(inner.Message, inner.Prefix))).ToList();
        // It makes repeating harmless, and is the subject only where a method has no other (ApproveRequest).
        return string.Join(' ', named.Count > 0 ? named : Written(request, "", field => field.Name == RequestId));
    }

    /// <summary>The caller's own words; empty where there are none.</summary>
    public static string ReasonOf(IMessage request) => Inner(request).Select(inner => inner.Message).Prepend(request)
        .SelectMany(message => message.Descriptor.Fields.InFieldNumberOrder()
            .Where(field => field.FieldType == FieldType.String && !field.IsRepeated && Explaining.Contains(field.Name))
            .Select(field => (string)field.Accessor.GetValue(message)))
        .FirstOrDefault(text => text.Length > 0) ?? "";

    private static IEnumerable<string> NamesIn(IMessage message, string prefix) => Written(
        message, prefix, field => Naming.Contains(field.Name) || (field.Name.EndsWith("_id", StringComparison.Ordinal) && field.Name != RequestId));

    // One level down: CreateRule carries a rule, UploadModel a header.
    private static IEnumerable<(IMessage Message, string Prefix)> Inner(IMessage request) => request.Descriptor.Fields.InFieldNumberOrder()
        .Where(field => field.FieldType == FieldType.Message && !field.IsRepeated && field.Accessor.HasValue(request))
        .Select(field => ((IMessage)field.Accessor.GetValue(request), $"{field.Name}."));

    private static IEnumerable<string> Written(IMessage message, string prefix, Func<FieldDescriptor, bool> isWanted) => message.Descriptor.Fields.InFieldNumberOrder()
        .Where(field => field.FieldType != FieldType.Message && isWanted(field))
        .Select(field => (field.Name, Text: TextOf(field.Accessor.GetValue(message))))
        .Where(field => field.Text.Length > 0)
        .Select(field => $"{prefix}{field.Name}={field.Text}");

    private static string TextOf(object? value) => value switch
    {
        null or "" or 0u or 0UL or 0 or 0L => "",
        string text => text,
        ByteString bytes => TextOf(bytes),
        IEnumerable several => string.Join(',', several.Cast<object?>().Select(TextOf)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string TextOf(ByteString bytes) => bytes.Length switch
    {
        0 => "",
        4 or 16 => new IPAddress(bytes.Span).ToString(),
        MacLength => string.Join(':', bytes.Select(part => part.ToString("x2", CultureInfo.InvariantCulture))),
        _ => Convert.ToHexStringLower(bytes.Span),
    };
}
