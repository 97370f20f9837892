using System.Globalization;
using System.Net;
using System.Text.Json;
using Appliance.Protos.Rules.V1;
using Google.Protobuf.WellKnownTypes;

namespace Appliance.Commands;

/// <summary>Prints blocks for people, one a row, or for programs, one JSON object a line.</summary>
internal static class BlocksWire
{
    public static void Print(TextWriter output, OutputFormat format, IReadOnlyList<Block> blocks)
    {
        if (format == OutputFormat.Table)
        {
            output.WriteLine("BLOCK                             ACTION      TARGET                       ENFORCED  UNTIL                 BY                              REASON");
        }

        foreach (var block in blocks)
        {
            output.WriteLine(format == OutputFormat.Json ? Line(block) : Row(block));
        }
    }

    /// <summary>The blocked address as people write it.</summary>
    public static string Target(Block block) => block.TargetCase == Block.TargetOneofCase.Mac
        ? string.Join(':', block.Mac.Select(part => part.ToString("x2", CultureInfo.InvariantCulture)))
        : new IPAddress(block.Address.Span).ToString();

    private static string Row(Block block) =>
        $"{block.Id,-32}  {Word(block),-10}  {Target(block),-27}  {(IsEnforced(block) ? "yes" : "no"),-8}  {Time(block.ExpireTime),-20}  {SiteCommand.Text(block.Creator),-30}  {SiteCommand.Text(block.Reason)}";

    private static string Line(Block block) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["id"] = block.Id,
        ["action"] = Word(block),
        ["target"] = Target(block),
        ["packets_per_second"] = block.PacketsPerSecond,
        ["is_enforced"] = IsEnforced(block),
        ["reason"] = block.Reason,
        ["alert_id"] = block.AlertId,
        ["creator"] = block.Creator,
        ["create_time"] = Time(block.CreateTime),
        ["expire_time"] = Time(block.ExpireTime),
    });

    private static bool IsEnforced(Block block) => block.Enforcement == Block.Types.Enforcement.Active;

    private static string Word(Block block) => block.Action == Block.Types.Action.RateLimit ? "rate_limit" : block.Action.ToString().ToLowerInvariant();

    private static string Time(Timestamp? time) => time?.ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "-";
}
