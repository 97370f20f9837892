using System.CommandLine;
using System.Globalization;
using Appliance.Bmc.NodeFiles;
using Appliance.Hosting.Errors;

namespace Appliance.Commands;

/// <summary>`appliance image inspect`: what an image says of itself, without writing it anywhere.</summary>
internal static class ImageInspectCommand
{
    private const double Mebi = 1024 * 1024;

    public static Command Create()
    {
        var image = new Argument<FileInfo>("IMAGE") { Description = "Image, raw or packed by zstd or xz" };
        var command = new Command("inspect", "An image's partitions, version and node file") { image };
        command.SetAction((parsed, token) => RunAsync(parsed.GetRequiredValue(image), parsed.InvocationConfiguration, token));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo image, InvocationConfiguration console, CancellationToken token)
    {
        using var bar = ProgressBar.On(console.Error);
        try
        {
            await using var raw = await ImageCustomization.OpenAsync(image.FullName, new ImageReading(bar), token);
            var seen = await ImageInspection.ReadAsync(raw, token);
            bar.Clear();
            var version = ImageUploadClient.VersionOf(image);
            await console.Output.WriteLineAsync($"version    {(version.Length > 0 ? $"{version} (by its name)" : "-")}");
            await console.Output.WriteLineAsync($"node file  {SiteCommand.Text(seen.NodeFile)}");
            foreach (var partition in seen.Partitions)
            {
                await console.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"partition  {SiteCommand.Text(partition.Name),-12} {partition.Range.Length / Mebi,8:0.#} MiB at {partition.Range.Start / Mebi:0.#} MiB"));
            }

            return CommandLine.Done;
        }
        catch (ApplianceException refused)
        {
            throw new CommandFailedException(refused.Message, refused);
        }
        catch (Exception error) when (ImageCustomization.IsDecoding(error))
        {
            throw new CommandFailedException($"{image} can't be unpacked: {error.Message}", error);
        }
    }
}
