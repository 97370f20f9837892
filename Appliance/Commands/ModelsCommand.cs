using System.CommandLine;
using System.Security.Cryptography;
using Appliance.Detector.Models;
using Appliance.Hosting;
using Appliance.Protos.Inference.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Appliance.Commands;

/// <summary>`appliance models`: the Detector's models, looked at, uploaded and activated.</summary>
internal sealed class ModelsCommand
{
    private const int ChunkBytes = 64 * 1024;
    private const int FewestDigits = 8;
    private const string ReasonEntry = "appliance-reason";

    private readonly SiteCommand _site = new(Role.Detector);
    private readonly Argument<string> _model = new("MODEL") { Description = $"A model's version, or its id or the first {FewestDigits} digits of it" };
    private readonly Argument<FileInfo> _file = new("FILE") { Description = "Model file, as `appliance train` writes it" };
    private readonly Option<string> _reason = new("--reason") { Description = "Why, for the audit log", HelpName = "TEXT" };

    private sealed record Answer(IReadOnlyList<Model> Models, IReadOnlyList<string> Features);

    private delegate Task<Answer> Call(InferenceService.InferenceServiceClient client, ParseResult parsed, CallOptions options);

    public static Command Create() => new ModelsCommand().Build();

    private Command Build() => new("models", "The models that score windows: which there are, which is active")
    {
        New("list", "All models, the newest first", [], ListAsync),
        New("show", "One model and its features; without MODEL the active one", [Optional()], ShowAsync),
        New("upload", "Hand a model to the Detector; it scores nothing until it is activated", [_file, _reason], UploadAsync),
        New("activate", "Make a model the one that scores; nothing is dropped", [_model, _reason], ActivateAsync),
    };

    private Command New(string name, string description, Symbol[] symbols, Call call) => _site.New(name, description, symbols, async (calls, parsed, options) =>
    {
        var answer = await call(new InferenceService.InferenceServiceClient(calls), parsed, options.WithHeaders(Reason(parsed)));
        return (output, format) => ModelsWire.Print(output, format, answer.Models, answer.Features);
    });

    private static Argument<string> Optional() => new("MODEL") { Description = "As for `activate`", Arity = ArgumentArity.ZeroOrOne };

    // Metadata takes printable ASCII; anything else would end the call without a word (gRPC over HTTP/2, Custom-Metadata).
    private Metadata Reason(ParseResult parsed) => parsed.CommandResult.Command.Options.Contains(_reason) && parsed.GetValue(_reason) is { Length: > 0 } reason
        ? [new Metadata.Entry(ReasonEntry, string.Concat(reason.Select(letter => letter is >= ' ' and <= '~' ? letter : '?')))]
        : [];

    private static async Task<Answer> ListAsync(InferenceService.InferenceServiceClient client, ParseResult parsed, CallOptions options) => new(await AllAsync(client, options), []);

    private static async Task<Answer> ShowAsync(InferenceService.InferenceServiceClient client, ParseResult parsed, CallOptions options)
    {
        var id = parsed.GetValue<string>("MODEL") is { } name ? await FindAsync(client, name, options) : "";
        var answer = await client.GetModelAsync(new GetModelRequest { ModelId = id }, options);
        return new Answer([answer.Model], answer.Features);
    }

    private async Task<Answer> ActivateAsync(InferenceService.InferenceServiceClient client, ParseResult parsed, CallOptions options)
    {
        var id = await FindAsync(client, parsed.GetRequiredValue(_model), options);
        var answer = await client.ActivateModelAsync(new ActivateModelRequest { ModelId = id }, options);
        if (answer.PreviousModelId.Length > 0 && answer.PreviousModelId != id)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"Before it was {answer.PreviousModelId}; 'appliance models activate {answer.PreviousModelId[..FewestDigits]}' goes back.");
        }

        return new Answer([answer.Model], []);
    }

    private async Task<Answer> UploadAsync(InferenceService.InferenceServiceClient client, ParseResult parsed, CallOptions options)
    {
        var file = await ReadAsync(parsed.GetRequiredValue(_file), options.CancellationToken);
        var digest = SHA256.HashData(file);
        using var call = client.UploadModel(options);
        try
        {
            await call.RequestStream.WriteAsync(
                new UploadModelRequest { Header = new Model { Id = Convert.ToHexStringLower(digest), SizeBytes = (ulong)file.Length } }, options.CancellationToken);
            for (var at = 0; at < file.Length; at += ChunkBytes)
            {
                var chunk = ByteString.CopyFrom(file, at, Math.Min(ChunkBytes, file.Length - at));
                await call.RequestStream.WriteAsync(new UploadModelRequest { Chunk = chunk }, options.CancellationToken);
            }

            await call.RequestStream.WriteAsync(new UploadModelRequest { Sha256 = ByteString.CopyFrom(digest) }, options.CancellationToken);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception error) when (error is RpcException or InvalidOperationException)
        {
            // Refused before the end; the answer tells why.
        }

        return new Answer([(await call).Model], []);
    }

    private static async Task<byte[]> ReadAsync(FileInfo file, CancellationToken token)
    {
        try
        {
            return file.Length <= OnnxReader.LargestFile
                ? await File.ReadAllBytesAsync(file.FullName, token)
                : throw new CommandFailedException($"{file} has {file.Length} bytes, a model has at most {OnnxReader.LargestFile}; name a file that 'appliance train' wrote.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{file} can't be read: {failure.Message} Name a model file.", failure);
        }
    }

    private static async Task<IReadOnlyList<Model>> AllAsync(InferenceService.InferenceServiceClient client, CallOptions options)
    {
        var models = new List<Model>();
        var token = "";
        do
        {
            var page = await client.ListModelsAsync(new ListModelsRequest { PageToken = token }, options);
            models.AddRange(page.Models);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return models;
    }

    private static async Task<string> FindAsync(InferenceService.InferenceServiceClient client, string name, CallOptions options)
    {
        var all = await AllAsync(client, options);
        var found = all.Where(model => model.Version == name || (name.Length >= FewestDigits && model.Id.StartsWith(name, StringComparison.OrdinalIgnoreCase))).ToList();
        return found.Count == 1
            ? found[0].Id
            : throw new CommandFailedException($"{found.Count} models are called '{name}', 1 is needed; 'appliance models list' shows versions and ids.");
    }
}
