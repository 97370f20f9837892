using System.Globalization;
using Appliance.Detector.Features;
using Appliance.Hosting.Errors;

namespace Appliance.Detector.Training;

/// <summary>Device windows as tab-separated text: what a model was trained from, in a hundredth of the captures' size.</summary>
public static class WindowFile
{
    public const string FirstColumn = "device";
    private const string StartColumn = "start_ns";
    private const int Columns = 2;

    public static void Write(TextWriter output, IEnumerable<DeviceWindow> windows)
    {
        output.Write(string.Join('\t', [FirstColumn, StartColumn, .. FeatureSchema.Names]) + "\n");
        foreach (var window in windows)
        {
            var values = window.Values.Select(value => value.ToString("R", CultureInfo.InvariantCulture));
            output.Write(string.Join('\t', [window.Device, window.Start.ToString(CultureInfo.InvariantCulture), .. values]) + "\n");
        }
    }

    /// <exception cref="InvalidInputException">A line is not as <see cref="Write"/> wrote it.</exception>
    public static IReadOnlyList<DeviceWindow> Read(TextReader input, string name)
    {
        var header = (input.ReadLine() ?? string.Empty).Split('\t');
        string[] expected = [FirstColumn, StartColumn, .. FeatureSchema.Names];
        for (var i = 0; i < Math.Max(header.Length, expected.Length); i++)
        {
            var (seen, wanted) = (header.ElementAtOrDefault(i) ?? "nothing", expected.ElementAtOrDefault(i) ?? "nothing");
            if (seen != wanted)
            {
                throw Fault(name, 1, $"column {i + 1} is '{seen}', schema {FeatureSchema.Version} has '{wanted}' there; make the windows anew from the captures");
            }
        }

        var windows = new List<DeviceWindow>();
        while (input.ReadLine() is { } line)
        {
            windows.Add(ReadLine(name, windows.Count + Columns, line.Split('\t')));
        }

        return windows;
    }

    private static DeviceWindow ReadLine(string name, int number, string[] fields)
    {
        if (fields.Length != Columns + FeatureSchema.Count)
        {
            throw Fault(name, number, $"it has {fields.Length} fields, {Columns + FeatureSchema.Count} are expected; make the windows anew from the captures");
        }

        if (!long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var start))
        {
            throw Fault(name, number, $"{StartColumn} is '{fields[1]}', nanoseconds since 1970 are expected");
        }

        var values = new float[FeatureSchema.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.TryParse(fields[Columns + i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) || !float.IsFinite(values[i]))
            {
                throw Fault(name, number, $"{FeatureSchema.Names[i]} is '{fields[Columns + i]}', a finite number is expected");
            }
        }

        return new DeviceWindow(fields[0], start, values);
    }

    private static InvalidInputException Fault(string name, int line, string fault) => new("windows", $"{name} line {line}: {fault}");
}
