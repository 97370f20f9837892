using Appliance.Analysis;
using Appliance.Commands;
using Appliance.Detector.Training;
using Appliance.Evaluation;
using Appliance.Hosting.Errors;

namespace Appliance.Training;

/// <summary>Finds the captures that `train` was given and takes their windows.</summary>
internal static class TrainingInputs
{
    private const string ManifestName = "MANIFEST.tsv";
    private static readonly string[] CaptureEndings = [".pcap", ".pcapng", ".cap"];

    /// <summary>Captures and window files behind the names, each once, in the order given; of a manifest only what is benign.</summary>
    public static IReadOnlyList<string> Resolve(IEnumerable<string> names)
    {
        var paths = names.SelectMany(ResolveOne).Distinct(StringComparer.Ordinal).ToArray();
        return paths.Length > 0
            ? paths
            : throw new CommandFailedException($"{string.Join(", ", names)}: there is no benign capture; name captures ({string.Join(", ", CaptureEndings)}), folders or a {ManifestName}.");
    }

    public static TrainingCapture Read(string path, CancellationToken token)
    {
        // A capture and its window file have one name, so that both give the same model.
        var name = Path.GetFileNameWithoutExtension(path);
        if (IsTable(path))
        {
            using var reader = new StreamReader(path);
            return new TrainingCapture(Path.GetFileNameWithoutExtension(name), ReadWindows(reader, path));
        }

        var windows = CaptureWindows.Read(path, out var fault, token);
        return fault is null ? new TrainingCapture(name, windows) : throw new CommandFailedException($"{fault} Nothing was trained; repair the capture or leave it out.");
    }

    private static IEnumerable<string> ResolveOne(string name)
    {
        if (Directory.Exists(name))
        {
            var manifest = Path.Combine(name, ManifestName);
            return File.Exists(manifest)
                ? Benign(manifest)
                : Directory.EnumerateFiles(name).Where(file => CaptureEndings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);
        }

        if (!File.Exists(name))
        {
            throw new CommandFailedException($"{name} is not there; name captures, folders or a {ManifestName}.");
        }

        return IsTable(name) && !IsWindowFile(name) ? Benign(name) : [name];
    }

    private static IEnumerable<string> Benign(string manifest) =>
        Manifest.Read(manifest).Where(entry => !entry.Expectation.IsAttack).Select(entry => entry.Path);

    private static bool IsTable(string path) => Path.GetExtension(path).Equals(".tsv", StringComparison.OrdinalIgnoreCase);

    private static bool IsWindowFile(string path)
    {
        using var reader = new StreamReader(path);
        return reader.ReadLine() is { } header && header.StartsWith(WindowFile.FirstColumn + "\t", StringComparison.Ordinal);
    }

    private static IReadOnlyList<Detector.Features.DeviceWindow> ReadWindows(StreamReader reader, string path)
    {
        try
        {
            return WindowFile.Read(reader, path);
        }
        catch (InvalidInputException error)
        {
            throw new CommandFailedException(error.Message, error);
        }
    }
}
