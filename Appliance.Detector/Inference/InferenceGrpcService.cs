using Appliance.Protos.Inference.V1;

namespace Appliance.Detector.Inference;

/// <summary>InferenceService: the model, for the project's own callers. A method that isn't overridden answers UNIMPLEMENTED.</summary>
internal sealed class InferenceGrpcService : InferenceService.InferenceServiceBase;
