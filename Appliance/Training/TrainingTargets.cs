using Appliance.Commands;
using Appliance.Detector.Training;

namespace Appliance.Training;

/// <summary>Where the results go; a model file is there whole or not at all.</summary>
internal sealed record TrainingTargets(string Model, string? Windows)
{
    public void WriteModel(byte[] file)
    {
        var temporary = Model + ".new";
        Guard(Model, () =>
        {
            File.WriteAllBytes(temporary, file);
            File.Move(temporary, Model, overwrite: true);
        });
    }

    public void WriteWindows(IReadOnlyList<TrainingCapture> captures)
    {
        if (Windows is null)
        {
            return;
        }

        if (captures.Count > 1)
        {
            // Each capture's last quarter calibrates: windows of two in one file would be divided otherwise.
            throw new CommandFailedException($"--windows keeps the windows of one capture, {captures.Count} were given; run train once for each.");
        }

        Guard(Windows, () =>
        {
            using var writer = new StreamWriter(Windows);
            WindowFile.Write(writer, captures[0].Windows);
        });
    }

    private static void Guard(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{path} cannot be written: {error.Message}", error);
        }
    }
}
