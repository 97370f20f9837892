using System.CommandLine;
using Appliance.Bmc.NodeFiles;
using Appliance.Hosting.Errors;

namespace Appliance.Commands;

/// <summary>`appliance image customize`: a copy of an image with a node file in it, for a module that is written without a board.</summary>
internal static class ImageCustomizeCommand
{
    public static Command Create()
    {
        var image = new Argument<FileInfo>("IMAGE") { Description = "Image, raw or packed by zstd or xz" };
        var node = new Option<FileInfo>("--node") { Description = "Node file that 'appliance image node-file' wrote", HelpName = "FILE", Required = true };
        var output = new Option<FileInfo>("--out") { Description = "File to write, packed by zstd where it is called .zst; it holds the node's secret", HelpName = "FILE", Required = true };
        var command = new Command("customize", "Write a copy of an image with a node file in it") { image, node, output };
        command.SetAction((parsed, token) => RunAsync(parsed.GetRequiredValue(image), parsed.GetRequiredValue(node), parsed.GetRequiredValue(output), parsed.InvocationConfiguration, token));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo image, FileInfo node, FileInfo output, InvocationConfiguration console, CancellationToken token)
    {
        if (image.FullName == output.FullName)
        {
            throw new CommandFailedException($"--out is the image itself, {image}; name another file.");
        }

        using var bar = ProgressBar.On(console.Error);
        try
        {
            var file = NodeFileContent.Parse(await File.ReadAllBytesAsync(node.FullName, token), "--node");
            var raw = await ImageCustomization.OpenAsync(image.FullName, new ImageReading(bar), token);
            var digest = await ImageCustomization.WriteAsync(raw, file, output.FullName, token);
            bar.Clear();
            await console.Output.WriteLineAsync($"{digest}  {output}");
            await console.Error.WriteLineAsync($"It is {file} now, and holds that node's secret: keep it to yourself, and delete it when the module is written.");
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
