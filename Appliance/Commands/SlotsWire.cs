using System.Globalization;
using System.Text.Json;
using Appliance.Protos.Bmc.V1;

namespace Appliance.Commands;

/// <summary>Slots as people and programs read them.</summary>
internal static class SlotsWire
{
    public static void Print(TextWriter output, OutputFormat format, IReadOnlyList<Slot> slots)
    {
        PrintHead(output, format);
        foreach (var slot in slots)
        {
            PrintRow(output, format, slot);
        }
    }

    public static void PrintHead(TextWriter output, OutputFormat format)
    {
        if (format != OutputFormat.Json)
        {
            output.WriteLine("SLOT  STATE        NAME              MODULE    UPTIME");
        }
    }

    public static void PrintRow(TextWriter output, OutputFormat format, Slot slot) => output.WriteLine(format == OutputFormat.Json ? Line(slot) : Row(slot));

    public static void PrintOne(TextWriter output, OutputFormat format, Slot slot)
    {
        Print(output, format, [slot]);
        if (format == OutputFormat.Json)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine($"Version:  {SiteCommand.Text(slot.Version)}");
        output.WriteLine($"Power:    {Word(slot.Power)}, last ordered {Word(slot.DesiredPower)}{(slot.Critical ? ", guarded" : "")}");
        foreach (var reason in slot.Evidence)
        {
            output.WriteLine($"- {SiteCommand.Text(reason)}");
        }
    }

    public static void Print(TextWriter output, OutputFormat format, SlotStep step)
    {
        output.WriteLine(format == OutputFormat.Json
            ? JsonSerializer.Serialize(new { slot_number = step.SlotNumber, state = Word(step.State), text = step.Text, time = step.Time?.ToDateTimeOffset() })
            : string.Create(CultureInfo.InvariantCulture, $"{step.Time?.ToDateTime():HH:mm:ss}  slot {step.SlotNumber}  {Word(step.State),-9}  {SiteCommand.Text(step.Text)}"));
    }

    public static void Print(TextWriter output, OutputFormat format, WatchConsoleResponse answer, ConsoleText decoder)
    {
        var text = decoder.Read(answer.Output.Span);
        if (format == OutputFormat.Json)
        {
            output.WriteLine(JsonSerializer.Serialize(new { text, has_gap = answer.HasGap }));
            return;
        }

        if (answer.HasGap)
        {
            output.WriteLine("[output was lost here]");
        }

        output.Write(text);
        output.Flush();
    }

    public static void PrintDone(TextWriter output, OutputFormat format, uint slot, string what) =>
        output.WriteLine(format == OutputFormat.Json ? JsonSerializer.Serialize(new { slot_number = slot, done = what }) : $"Slot {slot}: {what}.");

    private static string Row(Slot slot)
    {
        var uptime = slot.Uptime is { } time ? time.ToTimeSpan().ToString("c", CultureInfo.InvariantCulture) : "-";
        return string.Create(CultureInfo.InvariantCulture, $"{slot.Number,-4}  {Word(slot.State),-11}  {SiteCommand.Text(slot.Name),-16}  {SiteCommand.Text(slot.Module),-8}  {uptime}");
    }

    private static string Line(Slot slot) => JsonSerializer.Serialize(new
    {
        number = slot.Number,
        state = Word(slot.State),
        name = slot.Name,
        module = slot.Module,
        uptime_seconds = slot.Uptime?.Seconds,
        version = slot.Version,
        power = Word(slot.Power),
        desired_power = Word(slot.DesiredPower),
        critical = slot.Critical,
        evidence = slot.Evidence,
    });

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant() is var word && word == "unspecified" ? "unknown" : word;
}
