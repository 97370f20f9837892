using System.Globalization;
using System.Text.Json;
using Appliance.Protos.Site.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Appliance.Commands;

/// <summary>Prints requests and revocations for people, or for programs, one JSON object a line.</summary>
internal static class EnrollmentWire
{
    public static void Print(TextWriter output, OutputFormat format, IReadOnlyList<CertificateRequest> requests)
    {
        if (format == OutputFormat.Table)
        {
            output.WriteLine("REQUEST               NODE              ROLE      STATE     FROM                  ASKED                 SERIAL                            KEY SHA-256");
        }

        foreach (var request in requests)
        {
            output.WriteLine(format == OutputFormat.Json
                ? Json(("id", request.Id), ("node", request.Node), ("role", request.Role), ("state", Word(request)), ("source", request.Source), ("create_time", Time(request.CreateTime)), ("serial", Hex(request.Serial)), ("certificate_expire_time", Time(request.CertificateExpireTime)), ("key_sha256", Hex(request.KeySha256)))
                : $"{request.Id,-20}  {SiteCommand.Text(request.Node),-16}  {SiteCommand.Text(request.Role),-8}  {Word(request),-8}  {SiteCommand.Text(request.Source),-20}  {Time(request.CreateTime),-20}  {SiteCommand.Text(Hex(request.Serial)),-32}  {Hex(request.KeySha256)}");
        }
    }

    public static void Print(TextWriter output, OutputFormat format, IReadOnlyList<Revocation> revocations)
    {
        if (format == OutputFormat.Table)
        {
            output.WriteLine("SERIAL                            REVOKED               IDENTITY                                  REASON");
        }

        foreach (var one in revocations)
        {
            output.WriteLine(format == OutputFormat.Json
                ? Json(("serial", Hex(one.Serial)), ("create_time", Time(one.CreateTime)), ("identity", one.Identity), ("reason", one.Reason))
                : $"{Hex(one.Serial),-32}  {Time(one.CreateTime),-20}  {SiteCommand.Text(one.Identity),-40}  {SiteCommand.Text(one.Reason)}");
        }
    }

    private static string Json(params (string Key, string Value)[] values) => JsonSerializer.Serialize(values.ToDictionary(value => value.Key, value => value.Value));

    private static string Word(CertificateRequest request) => request.State.ToString().ToLowerInvariant();

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);

    private static string Time(Timestamp? time) => time?.ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "-";
}
