using System.Security.Cryptography;
using Appliance.Detector.Features;
using Appliance.Detector.Models;
using Appliance.Detector.Tests.Models;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Inference.V1;
using Appliance.Protos.Kserve.V2;
using Appliance.Tests.Shared;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Detector.Tests.Inference;

/// <summary>A running Detector and callers of its models.</summary>
internal sealed class ModelSite : IAsyncDisposable
{
    private WebApplication? _app;

    private ModelSite()
    {
        Models = new InferenceService.InferenceServiceClient(Site.Channel(Role.Detector, Site.Person(PeerKind.Admin)));
        Tensors = new GRPCInferenceService.GRPCInferenceServiceClient(Site.Channel(Role.Detector, Site.Person(PeerKind.Reader)));
    }

    public TestSite Site { get; } = new();

    /// <summary>As an admin.</summary>
    public InferenceService.InferenceServiceClient Models { get; }

    /// <summary>As a reader.</summary>
    public GRPCInferenceService.GRPCInferenceServiceClient Tensors { get; }

    /// <summary>The folder of the library.</summary>
    public string Folder => Path.Combine(Site.State, "detector", ModelLibrary.FolderName);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ModelSite> StartAsync(TimeProvider? clock = null, params (string Key, string? Value)[] settings)
    {
        var site = new ModelSite();
        site._app = await site.StartRoleAsync(clock, settings);
        return site;
    }

    /// <summary>With one model uploaded and active.</summary>
    public static async Task<(ModelSite Site, Autoencoder Network, Model Model)> StartWithModelAsync(int seed = 1)
    {
        var site = await StartAsync();
        var network = SmallModel.Create(seed);
        var model = await site.UploadAsync(OnnxWriter.Write(network));
        await site.Models.ActivateModelAsync(new ActivateModelRequest { ModelId = model.Id }, cancellationToken: Token);
        return (site, network, model);
    }

    /// <summary>Stops the role and starts it anew over the same state.</summary>
    public async Task RestartAsync()
    {
        await _app!.StopAsync(Token);
        _app = await StartRoleAsync(null);
    }

    private Task<WebApplication> StartRoleAsync(TimeProvider? clock, params (string Key, string? Value)[] settings) => Site.StartAsync(
        Role.Detector,
        builder =>
        {
            builder.AddDetector();
            builder.Services.AddSingleton(clock ?? TimeProvider.System);
        },
        app => app.MapDetector(),
        settings);

    public async Task<Model> UploadAsync(byte[] file) =>
        (await UploadAsync([Header(file), .. file.Chunk(32 * 1024).Select(Chunk), Digest(file)])).Model;

    public Task<UploadModelResponse> UploadAsync(IEnumerable<UploadModelRequest> parts) => UploadAsync(Models, parts);

    /// <summary>A client with a connection of its own.</summary>
    public InferenceService.InferenceServiceClient Connect(PeerKind kind) => new(Site.Channel(Role.Detector, Site.Person(kind)));

    public static async Task<UploadModelResponse> UploadAsync(InferenceService.InferenceServiceClient models, IEnumerable<UploadModelRequest> parts)
    {
        using var call = models.UploadModel(cancellationToken: Token);
        try
        {
            foreach (var part in parts)
            {
                await call.RequestStream.WriteAsync(part, Token);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception error) when (error is RpcException or InvalidOperationException)
        {
            // Refused before the end; the answer tells why.
        }

        return await call;
    }

    public static UploadModelRequest Header(byte[] file) => new() { Header = new Model { SizeBytes = (ulong)file.Length } };

    public static UploadModelRequest Chunk(byte[] bytes) => new() { Chunk = ByteString.CopyFrom(bytes) };

    public static UploadModelRequest Digest(byte[] file) => new() { Sha256 = ByteString.CopyFrom(SHA256.HashData(file)) };

    public static IEnumerable<Window> Windows(float[] values) => values.Chunk(FeatureSchema.Count).Select(row => new Window { Device = "02:00:00:00:00:01", Features = { row } });

    /// <summary>The refusal of a call, as its caller sees it.</summary>
    public static async Task<Status> RefusalAsync(Func<Task> call) => (await Assert.ThrowsAsync<RpcException>(call)).Status;

    public ValueTask DisposeAsync() => Site.DisposeAsync();
}
