using System.CommandLine;
using Appliance.Bmc.NodeFiles;
using Appliance.Hosting;
using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Errors;
using Appliance.Nodes;
using Appliance.Protos.Bmc.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Appliance.Commands;

/// <summary>`appliance flash`: writes an image to slots of the board, and waits for each to prove that it runs it.</summary>
internal sealed class FlashCommand
{
    private readonly SiteCommand _site = new(Role.Bmc);
    private readonly Option<uint[]> _slots = new("--slot") { Description = "Slot to write, 1 to 4; several are written one after the other", HelpName = "SLOT", Required = true, AllowMultipleArgumentsPerToken = true };
    private readonly Option<string> _image = new("--image") { Description = "A file, which is uploaded first, or the id of an image of the library", HelpName = "FILE|ID", Required = true };
    private readonly Option<string> _version = new("--image-version") { Description = "Version of the file; without it the one in its name", HelpName = "VERSION", DefaultValueFactory = _ => "" };
    private readonly Option<string> _module = new("--module") { Description = "Module that the file is built for, for example cm4", HelpName = "MODULE", DefaultValueFactory = _ => "" };
    private readonly Option<FileInfo[]> _nodes = new("--node") { Description = "Node file that is laid over the image; with several slots one for each, in the order of --slot", HelpName = "FILE", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
    private readonly Option<string> _proof = new("--proof") { Description = "Console text by which a foreign image is known to run", HelpName = "TEXT", DefaultValueFactory = _ => "" };
    private readonly Option<bool> _goOn = new("--continue-after-failure") { Description = "Go on with the next slot when one fails" };
    private readonly Option<bool> _critical = new("--allow-critical") { Description = "Flash a slot that is guarded, or that the command comes from" };
    private readonly Option<bool> _approve = new("--approve") { Description = "Have the site's router give each node its certificate when it asks with the key that its console shows (takes --as admin)" };
    private readonly Option<Uri?> _router = new("--router") { Description = "Address of the router for --approve; without it the one of the node file", HelpName = "URL", CustomParser = SiteChannel.ParseAddress };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return once the job is accepted; 'appliance flash watch' follows it" };
    private readonly Argument<FileInfo> _file = new("FILE") { Description = "Image, raw or packed by zstd or xz" };
    private readonly Argument<string> _id = new("IMAGE") { Description = "An image's id" };
    private readonly Option<bool> _lastGood = new("--allow-last-good") { Description = "Delete it even if recovery would write it" };
    private readonly Argument<string?> _flash = new("FLASH") { Description = "A job's id; without it the newest", Arity = ArgumentArity.ZeroOrOne };

    private FlashCommand()
    {
    }

    public static Command Create() => new FlashCommand().Build();

    private Command Build()
    {
        var flash = new Command("flash", "Write an image to slots, one after the other, each proved by its boot")
        {
            _site.New("images", "The library's images", [], ListAsync),
            _site.New("upload", "Put an image into the library", [_file, _version, _module], UploadAsync),
            _site.New("delete", "Take an image out of the library", [_id, _lastGood], DeleteAsync),
            _site.New("show", "A job and what became of each slot", [_flash], ShowAsync),
            _site.New("watch", "Follow a job to its end", [_flash, _approve, _router], WatchAsync),
            _site.New("cancel", "End a job; a slot that was being written stays off", [_flash], CancelAsync),
        };
        _site.AddTo(flash, [_slots, _image, _nodes, _version, _module, _proof, _goOn, _critical, _approve, _router, _noWait], StartAsync);
        return flash;
    }

    private async Task<int> StartAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var client = new BmcService.BmcServiceClient(calls);
        // Before minutes of upload.
        var files = await NodeFilesAsync(parsed, options.CancellationToken);
        var approval = Approval(parsed, RouterOf(files));
        var request = new StartFlashRequest
        {
            SlotNumbers = { parsed.GetRequiredValue(_slots) },
            SlotNodeFiles = { files },
            ImageId = await ImageIdAsync(client, parsed, options),
            RequestId = Guid.NewGuid().ToString("N"),
            ProofText = parsed.GetRequiredValue(_proof),
            ContinueAfterFailure = parsed.GetValue(_goOn),
            AllowCritical = parsed.GetValue(_critical),
        };
        var flash = (await client.StartFlashAsync(request, options)).Flash;
        return parsed.GetValue(_noWait) ? Print(parsed, flash) : await FollowAsync(client, flash.Id, approval, parsed, options);
    }

    private async Task<IReadOnlyList<SlotNodeFile>> NodeFilesAsync(ParseResult parsed, CancellationToken token)
    {
        var (slots, files) = (parsed.GetRequiredValue(_slots), parsed.GetRequiredValue(_nodes));
        if (files.Length > 0 && files.Length != slots.Length)
        {
            throw new CommandFailedException($"There are {slots.Length} slots and {files.Length} node files; each slot needs its own, in the order of --slot.");
        }

        List<SlotNodeFile> own = [];
        foreach (var (slot, file) in slots.Zip(files))
        {
            try
            {
                var content = NodeFileContent.Parse(await File.ReadAllBytesAsync(file.FullName, token), $"{file}");
                own.Add(new SlotNodeFile { SlotNumber = slot, NodeFile = ByteString.CopyFrom(content.Json.Span) });
            }
            catch (InvalidInputException fault)
            {
                throw new CommandFailedException(fault.Message, fault);
            }
        }

        return own;
    }

    // A router's own file names none, and its node asks nobody.
    private static string RouterOf(IEnumerable<SlotNodeFile> files) =>
        files.Select(file => NodeFileText.Parse(file.NodeFile.Span).Router).FirstOrDefault(router => router.Length > 0, "localhost");

    private async Task<string> ImageIdAsync(BmcService.BmcServiceClient client, ParseResult parsed, CallOptions options)
    {
        using var progress = ProgressBar.On(parsed.InvocationConfiguration.Error);
        var image = parsed.GetRequiredValue(_image);
        return File.Exists(image)
            ? (await new ImageUploadClient(client, progress).SendAsync(new FileInfo(image), parsed.GetRequiredValue(_version), parsed.GetRequiredValue(_module), options)).Id
            : image.Contains(Path.DirectorySeparatorChar) || image.Contains(".img", StringComparison.Ordinal)
                ? throw new CommandFailedException($"{image} is not there; name a file that is, or the id of an image that 'appliance flash images' lists.")
                : image;
    }

    private Task<int> WatchAsync(CallInvoker calls, ParseResult parsed, CallOptions options) =>
        FollowAsync(new BmcService.BmcServiceClient(calls), parsed.GetValue(_flash) ?? "", Approval(parsed, router: ""), parsed, options);

    private async Task<int> FollowAsync(BmcService.BmcServiceClient client, string id, FlashApprovalClient? approval, ParseResult parsed, CallOptions options)
    {
        using var progress = ProgressBar.On(parsed.InvocationConfiguration.Error);
        return Print(parsed, await new FlashFollowClient(client, progress, approval, parsed.InvocationConfiguration.Error).RunAsync(id, options));
    }

    private FlashApprovalClient? Approval(ParseResult parsed, string router)
    {
        if (!parsed.GetValue(_approve))
        {
            return null;
        }

        var address = parsed.GetValue(_router) ?? (router.Length > 0 ? new Uri(RoleConfiguration.Address(Role.Router, router)) : throw new CommandFailedException("--approve needs to know the site's router; name it with --router URL."));
        return new FlashApprovalClient(() => _site.OpenAnother(parsed, address, Role.Router));
    }

    private async Task<int> UploadAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        using var progress = ProgressBar.On(parsed.InvocationConfiguration.Error);
        var image = await new ImageUploadClient(new BmcService.BmcServiceClient(calls), progress)
            .SendAsync(parsed.GetRequiredValue(_file), parsed.GetRequiredValue(_version), parsed.GetRequiredValue(_module), options);
        progress.Clear();
        FlashWire.Print(parsed.InvocationConfiguration.Output, _site.FormatOf(parsed), [image]);
        return CommandLine.Done;
    }

    private static async Task<Action<TextWriter, OutputFormat>> ListAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var client = new BmcService.BmcServiceClient(calls);
        var (images, token) = (new List<Image>(), "");
        do
        {
            var page = await client.ListImagesAsync(new ListImagesRequest { PageSize = 1000, PageToken = token }, options);
            images.AddRange(page.Images);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return (output, format) => FlashWire.Print(output, format, images);
    }

    private async Task<Action<TextWriter, OutputFormat>> DeleteAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var id = parsed.GetRequiredValue(_id);
        await new BmcService.BmcServiceClient(calls).DeleteImageAsync(new DeleteImageRequest { ImageId = id, AllowLastGood = parsed.GetValue(_lastGood) }, options);
        return (output, format) => FlashWire.PrintDeleted(output, format, id);
    }

    private async Task<Action<TextWriter, OutputFormat>> ShowAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var answer = await new BmcService.BmcServiceClient(calls).GetFlashAsync(new GetFlashRequest { FlashId = parsed.GetValue(_flash) ?? "" }, options);
        return (output, format) => FlashWire.Print(output, format, answer.Flash);
    }

    // Answers when the job has ended, which takes as long as the board needs to let go.
    private async Task<int> CancelAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var client = new BmcService.BmcServiceClient(calls);
        var id = parsed.GetValue(_flash) ?? (await client.GetFlashAsync(new GetFlashRequest(), options)).Flash.Id;
        FlashWire.Print(parsed.InvocationConfiguration.Output, _site.FormatOf(parsed), (await client.CancelFlashAsync(new CancelFlashRequest { FlashId = id }, options)).Flash);
        return CommandLine.Done;
    }

    /// <summary>Prints the job; a slot that failed is exit code 1.</summary>
    private int Print(ParseResult parsed, Flash flash)
    {
        FlashWire.Print(parsed.InvocationConfiguration.Output, _site.FormatOf(parsed), flash);
        return flash.State is Flash.Types.State.Failed or Flash.Types.State.Cancelled ? CommandLine.Failed : CommandLine.Done;
    }
}
